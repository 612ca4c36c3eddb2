/* satomado user: who may work here, their passwords and roles. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/files.h"
#include "base/intl.h"
#include "base/strings.h"
#include "cli/groups.h"
#include "cli/output.h"
#include "office/recover.h"
#include "office/setup.h"
#include "office/users.h"

enum { PASSWORD_SIZE = 256 };

/* The password that is to hold from now on: of --new-password-file, else asked for twice. */
static enum status new_password(const struct cli *cli, char out[PASSWORD_SIZE], struct error *err)
{
    const char *file = cli_option(cli, "--new-password-file");
    char again[PASSWORD_SIZE];
    struct buffer text = BUFFER_INIT;
    enum status st;
    if (file) {
        st = file_read(file, PASSWORD_SIZE - 1, &text, err);
        if (!st)
            snprintf(out, PASSWORD_SIZE, "%.*s", (int)strcspn(buffer_text(&text), "\n"),
                     buffer_text(&text));
        if (text.data)
            explicit_bzero(text.data, text.len);
        buffer_free(&text);
        return st;
    }
    st = cli_password(cli, _("新しい合言葉: "), out, PASSWORD_SIZE, err);
    if (!st)
        st = cli_password(cli, _("もう一度: "), again, sizeof again, err);
    if (!st && strcmp(out, again) != 0)
        st = error_set(err, E_INVALID, _("二つの合言葉が違います"));
    explicit_bzero(again, sizeof again);
    return st;
}

static int add(struct cli *cli)
{
    struct error err;
    char password[PASSWORD_SIZE];
    struct strings roles = STRINGS_INIT;
    const char *role = cli_option(cli, "--role"), *name = cli_option(cli, "--name");
    strings_split(&roles, role ? role : "clerk", ',');
    enum status st = new_password(cli, password, &err);
    if (!st)
        st = setup_add_user(cli->session, cli->words[0], name ? name : cli->words[0],
                            (const char *const *)roles.items, roles.count, password, &err);
    explicit_bzero(password, sizeof password);
    strings_free(&roles);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static int list(struct cli *cli)
{
    static const char *const columns[] = {"login", "name"};
    const char *titles[] = {_("利用者名"), _("氏名")};
    struct error err;
    struct user_list users;
    if (session_users(cli->session, &users, &err))
        return cli_fail(&err);
    struct output *out = output_begin(cli->format, columns, titles, ARRAY_LEN(columns));
    for (size_t i = 0; i < users.count; i++) {
        const char *cells[] = {users.items[i].login, users.items[i].name};
        output_row(out, cells);
    }
    output_end(&out);
    user_list_free(&users);
    return EXIT_DONE;
}

static int passwd(struct cli *cli)
{
    struct error err;
    char old[PASSWORD_SIZE] = "", password[PASSWORD_SIZE] = "";
    if (!cli->user)
        return cli_usage(cli, "%s", _("だれが行うかを --as 利用者名 で示してください"));
    enum status st = cli_password(cli, _("いまの合言葉: "), old, sizeof old, &err);
    if (!st)
        st = new_password(cli, password, &err);
    if (!st)
        st = users_password(cli->office, cli->user, old, password, &err);
    explicit_bzero(old, sizeof old);
    explicit_bzero(password, sizeof password);
    if (st)
        return cli_fail(&err);
    output_line("%s", _("合言葉を変えました"));
    return EXIT_DONE;
}

static int set_lock(struct cli *cli, bool locked)
{
    struct error err;
    return users_lock(cli->session, cli->words[0], locked, &err) ? cli_fail(&err) : EXIT_DONE;
}

static int lock(struct cli *cli)
{
    return set_lock(cli, true);
}

static int unlock(struct cli *cli)
{
    return set_lock(cli, false);
}

static int renew(struct cli *cli)
{
    struct error err;
    char password[PASSWORD_SIZE] = "";
    enum status st = new_password(cli, password, &err);
    if (!st)
        st = users_renew(cli->session, cli->words[0], password, &err);
    explicit_bzero(password, sizeof password);
    if (st)
        return cli_fail(&err);
    output_line(_("%s の新しい鍵を作りました"), cli->words[0]);
    if (office_role(cli->office) != OFFICE_TOWN)
        output_line("%s", _("町で認めてもらうまで、この人は入れません。次をしてください:"));
    if (office_role(cli->office) != OFFICE_TOWN)
        output_line(
            "%s",
            _("  ここで key enrol --to 申請、町で key trust 申請 --fingerprint 指紋 --to 登録簿、"
              "ここで key accept 登録簿"));
    return EXIT_DONE;
}

static int recover(struct cli *cli)
{
    struct error err;
    char password[PASSWORD_SIZE] = "";
    struct buffer request = BUFFER_INIT;
    const char *escrow = cli_option(cli, "--escrow"), *to = cli_option(cli, "--to");
    bool town = office_role(cli->office) == OFFICE_TOWN;
    if (!escrow || (!to && !town))
        return cli_usage(cli, "%s", _("--escrow 預託鍵 と、町でなければ --to 申請 が要ります"));
    enum status st = new_password(cli, password, &err);
    if (!st)
        st = recover_admin(cli->office, cli->words[0], password, escrow, &request, &err);
    if (!st && !town)
        st = file_write(to, request.data, request.len, &err);
    explicit_bzero(password, sizeof password);
    buffer_free(&request);
    if (st)
        return cli_fail(&err);
    output_line(_("%s の新しい鍵を作りました"), cli->words[0]);
    if (!town)
        output_line("%s", _("町で key trust 申請 --fingerprint 指紋 をし、ここで町の送付便を取り込むと入れます"));
    return EXIT_DONE;
}

static int change_roles(struct cli *cli)
{
    struct error err;
    struct strings roles = STRINGS_INIT;
    strings_split(&roles, cli->words[1], ',');
    enum status st = users_roles(cli->session, cli->words[0], cli_option(cli, "--place"),
                                 (const char *const *)roles.items, roles.count, &err);
    strings_free(&roles);
    return st ? cli_fail(&err) : EXIT_DONE;
}

static const struct cli_option user_options[] = {
    {"--name", "NAME", N_("画面に出す氏名")},
    {"--role", "ROLES", N_("clerk、supervisor、field、reviewer、admin、auditor（, で区切る）")},
    {"--new-password-file", "FILE", N_("新しい利用者の合言葉のファイル")},
    {NULL, NULL, NULL},
};

static const struct cli_option password_options[] = {
    {"--new-password-file", "FILE", N_("新しい合言葉のファイル。なければ尋ねる")},
    {NULL, NULL, NULL},
};

static const struct cli_option role_options[] = {
    {"--place", "NAME", N_("局か端末の名。同じ利用者名がいくつもあるとき")},
    {NULL, NULL, NULL},
};

static const struct cli_option recover_options[] = {
    {"--escrow", "FILE", N_("預託鍵のファイル")},
    {"--to", "FILE", N_("町へ届ける申請を書くファイル")},
    {"--new-password-file", "FILE", N_("新しい合言葉のファイル。なければ尋ねる")},
    {NULL, NULL, NULL},
};

const struct cli_command cli_users[] = {
    {"user add", "LOGIN", N_("利用者を加える"), user_options, 1, 1, add, NEEDS_SESSION},
    {"user list", "", N_("ここの利用者を一覧する"), cli_format_options, 0, 0, list, NEEDS_SESSION},
    {"user passwd", "", N_("自分の合言葉を変える"), password_options, 0, 0, passwd, NEEDS_OFFICE},
    {"user lock", "LOGIN", N_("管理者: ここでの利用を止める"), NULL, 1, 1, lock, NEEDS_SESSION},
    {"user unlock", "LOGIN", N_("管理者: 止めた利用者をまた使えるようにする"), NULL, 1, 1, unlock,
     NEEDS_SESSION},
    {"user renew", "LOGIN", N_("管理者: 合言葉を忘れた人に新しい鍵を作る"), password_options, 1, 1,
     renew, NEEDS_SESSION},
    {"key recover", "LOGIN",
     N_("管理者が一人も入れなくなった場所で、預託鍵を使って管理者の新しい鍵を作る"),
     recover_options, 1, 1, recover, NEEDS_OFFICE},
    {"user role", "LOGIN ROLES", N_("町: 役割を変える（, で区切る）"), role_options, 2, 2,
     change_roles, NEEDS_SESSION},
    {.name = NULL},
};
