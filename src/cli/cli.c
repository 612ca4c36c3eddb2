#include "cli/cli.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/language.h"
#include "base/strings.h"
#include "base/xmem.h"
#include "cli/output.h"
#include "config.h"
#include "office/office.h"
#include "office/session.h"

const char *cli_option(const struct cli *cli, const char *name)
{
    const struct cli_option *options = cli->command->options;
    for (size_t i = 0; options && options[i].name; i++)
        if (strcmp(options[i].name, name) == 0)
            return cli->options[i];
    return NULL;
}

const struct cli_option cli_format_options[] = {
    FORMAT_OPTION,
    {NULL, NULL, NULL},
};

int cli_fail(const struct error *err)
{
    output_note("satomado: %s", error_text(err));
    switch (err->code) {
    case OK:
        return EXIT_DONE;
    case E_USAGE:
        return EXIT_USAGE;
    case E_DENIED:
    case E_PASSWORD:
        return EXIT_NOT_PERMITTED;
    case E_INVALID:
    case E_RULE:
    case E_PARSE:
    case E_CRYPTO:
    case E_CONFLICT:
    case E_EXISTS:
    case E_LIMIT:
    case E_HELD:
    case E_UNSUPPORTED:
    case E_CANCELLED:
        return EXIT_REFUSED;
    default:
        return EXIT_DATA;
    }
}

int cli_usage(const struct cli *cli, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    output_note("satomado: %s", text);
    if (cli->command)
        output_note(_("使い方は satomado %s --help で見られます"), cli->command->name);
    else
        output_note("%s", _("使い方は satomado --help で見られます"));
    xfree(&text);
    return EXIT_USAGE;
}

static enum status password_line(int fd, char *out, size_t size, struct error *err)
{
    size_t len = 0;
    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got < 0)
            return error_errno(err, E_IO, "%s", _("合言葉を読めません"));
        if (got == 0 || c == '\n')
            break;
        if (len + 1 >= size)
            return error_set(err, E_LIMIT, "%s", _("合言葉が長すぎます"));
        out[len++] = c;
    }
    out[len] = '\0';
    return len ? OK : error_set(err, E_USAGE, "%s", _("合言葉が空です"));
}

enum status cli_password(const struct cli *cli, const char *prompt, char *out, size_t size,
                         struct error *err)
{
    if (cli->password_fd >= 0)
        return password_line(cli->password_fd, out, size, err);
    const char *file = getenv("SATOMADO_PASSWORD_FILE");
    bool terminal = str_empty(file);
    if (terminal && !isatty(STDIN_FILENO))
        return error_set(err, E_USAGE, "%s",
                         _("合言葉は --password-fd か SATOMADO_PASSWORD_FILE で渡してください"));
    int fd = open(terminal ? "/dev/tty" : file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        fd = open(terminal ? "/dev/tty" : file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, E_IO, _("%s を開けません"), terminal ? "/dev/tty" : file);
    struct termios saved;
    bool echo = terminal && tcgetattr(fd, &saved) == 0;
    if (echo) {
        struct termios quiet = saved;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &quiet);
        fputs(prompt, stderr);
    }
    enum status st = password_line(fd, out, size, err);
    if (echo) {
        tcsetattr(fd, TCSAFLUSH, &saved);
        fputc('\n', stderr);
    }
    close(fd);
    return st;
}

struct office *cli_office(struct cli *cli, int *code)
{
    struct error err;
    if (!cli->office && office_open(cli->data, &cli->office, &err))
        *code = cli_fail(&err);
    return cli->office;
}

/* A session of --as with the password given, likewise. */
static struct session *open_session(struct cli *cli, int *code)
{
    struct error err;
    char password[256];
    if (cli->session || !cli_office(cli, code))
        return cli->session;
    if (!cli->user) {
        *code = cli_usage(cli, "%s", _("だれが行うかを --as 利用者名 で示してください"));
        return NULL;
    }
    enum status st = cli_password(cli, _("合言葉: "), password, sizeof password, &err);
    if (!st)
        st = session_login(cli->office, cli->user, password, &cli->session, &err);
    explicit_bzero(password, sizeof password);
    if (st)
        *code = cli_fail(&err);
    return cli->session;
}

void cli_close(struct cli *cli)
{
    session_free(&cli->session);
    office_free(&cli->office);
}

/* The command named by the first one to three words; *used tells how many. */
static const struct cli_command *find_command(int argc, char **argv, int *used)
{
    for (*used = argc < 3 ? argc : 3; *used >= 1; (*used)--) {
        char name[96] = "";
        for (int i = 0; i < *used; i++)
            snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", i ? " " : "",
                     argv[i]);
        for (size_t g = 0; cli_groups[g]; g++)
            for (const struct cli_command *c = cli_groups[g]; c->name; c++)
                if (strcmp(c->name, name) == 0)
                    return c;
    }
    return NULL;
}

static int unknown_command(const struct cli *cli, const char *first, const char *second)
{
    if (*first && second && strcmp(second, "--help") == 0 && cli_help_group(first))
        return EXIT_DONE;
    const char *names[256];
    char word[64]; /* with the second only where the first begins commands of two words */
    snprintf(word, sizeof word, "%s", first);
    size_t count = 0;
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name && count < ARRAY_LEN(names);
             c++) {
            if (str_starts(c->name, first) && c->name[strlen(first)] == ' ') {
                if (!second)
                    return cli_usage(cli, _("%s のあとに続く語が要ります（例: %s）"), first,
                                     c->name);
                snprintf(word, sizeof word, "%s %s", first, second);
            }
            names[count++] = c->name;
        }
    const char *near = str_nearest(word, names, count);
    if (near)
        return cli_usage(cli, _("%s という命令はありません。%s のことですか"), word, near);
    return cli_usage(cli, _("%s という命令はありません"), word);
}

/* Puts argv[i] (and its value) into the slot of the table it belongs to; returns words used, 0 when
 * the option is unknown, -1 when its value is missing. */
static int take_option(const struct cli_option *table, const char **values, int argc, char **argv,
                       int i)
{
    for (size_t k = 0; table && table[k].name; k++) {
        size_t len = strlen(table[k].name);
        if (strncmp(argv[i], table[k].name, len) != 0)
            continue;
        if (!table[k].argument && !argv[i][len]) {
            values[k] = "";
            return 1;
        }
        if (table[k].argument && argv[i][len] == '=') {
            values[k] = argv[i] + len + 1;
            return 1;
        }
        if (table[k].argument && !argv[i][len]) {
            if (i + 1 >= argc)
                return -1;
            values[k] = argv[i + 1];
            return 2;
        }
    }
    return 0;
}

/* Opens what the command needs and runs it. */
static int begin_command(struct cli *cli)
{
    struct error err;
    int code = EXIT_DONE;
    enum cli_need need = cli->command->need;
    if (output_format(cli_option(cli, "--format"), &cli->format, &err))
        return cli_fail(&err);
    if (need == NEEDS_OFFICE && !cli_office(cli, &code))
        return code;
    if (need == NEEDS_SESSION && !open_session(cli, &code))
        return code;
    return cli->command->run(cli);
}

static int run_command(struct cli *cli, int argc, char **argv)
{
    enum { OPTIONS = 16 };
    const char *values[OPTIONS] = {0};
    const char **words = xcalloc((size_t)argc + 1, sizeof *words);
    int code = EXIT_DONE;
    bool only_words = false;
    cli->options = values;
    cli->words = words;
    for (int i = 0; i < argc && code == EXIT_DONE;) {
        if (only_words || argv[i][0] != '-' || !argv[i][1]) {
            words[cli->count++] = argv[i++];
        } else if (strcmp(argv[i], "--") == 0) {
            only_words = true;
            i++;
        } else if (strcmp(argv[i], "--help") == 0) {
            cli_help_command(cli->command);
            goto out;
        } else {
            int used = take_option(cli->command->options, values, argc, argv, i);
            if (used == 0)
                code = cli_usage(cli, _("%s という指定はありません"), argv[i]);
            else if (used < 0)
                code = cli_usage(cli, _("%s のあとに値が要ります"), argv[i]);
            i += used > 0 ? used : 1;
        }
    }
    if (code == EXIT_DONE && cli->count < cli->command->min_words)
        code = cli_usage(cli, _("語が足りません: %s"), cli->command->words);
    if (code == EXIT_DONE && cli->count > cli->command->max_words)
        code = cli_usage(cli, _("語が多すぎます: %s"), words[cli->command->max_words]);
    if (code == EXIT_DONE)
        code = begin_command(cli);
    if (fflush(stdout) != 0 && code == EXIT_DONE) {
        struct error err;
        error_errno(&err, E_IO, "%s", _("結果を書き出せません"));
        code = cli_fail(&err);
    }
out:
    xfree(&words);
    return code;
}

const struct cli_option cli_global_options[] = {
    {"--data", "DIR", N_("データのフォルダー")},
    {"--as", "USER", N_("利用者名")},
    {"--lang", "LANG", N_("表示のことば（ja、en、ja_easy）")},
    {"--password-fd", "N", N_("合言葉を読む記述子の番号")},
    {"--man", NULL, N_("マニュアル（man の形）を書き出す")},
    {"--completion", NULL, N_("シェルの補完を書き出す")},
    {"--version", NULL, N_("版を表示する")},
    {NULL, NULL, NULL},
};

static char *default_data(void)
{
    const char *data = getenv("SATOMADO_DATA");
    if (!str_empty(data))
        return xstrdup(data);
    const char *base = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (!str_empty(base))
        return xasprintf("%s/satomado", base);
    return xasprintf("%s/.local/share/satomado", str_empty(home) ? "." : home);
}

int cli_main(struct cli *cli, int argc, char **argv)
{
    enum {
        OPTION_DATA,
        OPTION_AS,
        OPTION_LANG,
        OPTION_PASSWORD_FD,
        OPTION_MAN,
        OPTION_COMPLETION,
        OPTION_VERSION,
        OPTION_COUNT
    };
    static char *data;
    const char *values[OPTION_COUNT + 1] = {0};
    int i = 1;
    cli->password_fd = -1;
    bool help = false;
    while (i < argc && argv[i][0] == '-') {
        help = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
        if (help)
            break;
        int used = take_option(cli_global_options, values, argc, argv, i);
        if (used <= 0)
            return cli_usage(
                cli, used ? _("%s のあとに値が要ります") : _("%s という指定はありません"), argv[i]);
        i += used;
    }
    if (values[OPTION_LANG] && !language_say(values[OPTION_LANG]))
        return cli_usage(cli, "%s", _("--lang は ja、en、ja_easy のどれかです"));
    xfree(&data);
    data = values[OPTION_DATA] ? xstrdup(values[OPTION_DATA]) : default_data();
    cli->data = data;
    office_prefer_language(data);
    if (help)
        return cli_help(), EXIT_DONE;
    if (values[OPTION_MAN])
        return cli_manual(), EXIT_DONE;
    if (values[OPTION_COMPLETION])
        return cli_completion(), EXIT_DONE;
    if (values[OPTION_VERSION])
        return puts(PACKAGE_STRING), EXIT_DONE;
    if (values[OPTION_PASSWORD_FD]) {
        char *end;
        long fd = strtol(values[OPTION_PASSWORD_FD], &end, 10);
        if (*end || fd < 0 || fd > 1023)
            return cli_usage(cli, "%s", _("--password-fd は 0 以上の番号です"));
        cli->password_fd = (int)fd;
    }
    cli->user = values[OPTION_AS];
    if (i >= argc)
        return -1;
    int used;
    cli->command = find_command(argc - i, argv + i, &used);
    if (!cli->command)
        return unknown_command(cli, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
    return run_command(cli, argc - i - used, argv + i + used);
}
