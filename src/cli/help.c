/* Help, man page and shell completion: three readings of the same table. */
#include <stdio.h>
#include <string.h>

#include "base/intl.h"
#include "base/strings.h"
#include "cli/cli.h"
#include "config.h"

static void print_options(const struct cli_option *options)
{
    for (; options && options->name; options++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", options->name, options->argument ? " " : "",
                 options->argument ? options->argument : "");
        printf("  %-22s %s\n", left, _(options->help));
    }
}

size_t cli_help_group(const char *first)
{
    size_t count = 0;
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name; c++)
            if (!*first || (str_starts(c->name, first) && c->name[strlen(first)] == ' ')) {
                printf("  %-22s %s\n", c->name, _(c->help));
                count++;
            }
    return count;
}

void cli_help(void)
{
    puts(_("使い方: satomado [--data DIR] [--as USER] [命令 ...]\n"
           "命令を付けずに起動すると窓口の画面を開きます。\n"));
    print_options(cli_global_options);
    putchar('\n');
    cli_help_group("");
    puts(_("\n終了の値: 0 済み、1 規則により拒まれた、2 使い方の誤り、3 データの誤り、4 権限なし"));
}

void cli_help_command(const struct cli_command *command)
{
    printf(_("使い方: satomado %s%s%s%s\n%s\n"), command->name,
           command->options ? _(" [指定]") : "", *command->words ? " " : "", command->words,
           _(command->help));
    if (command->options)
        putchar('\n');
    print_options(command->options);
}

/* roff: a backslash and a leading dot or quote must not be taken as requests. */
static void roff(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((p == text || p[-1] == '\n') && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        if (*p == '\\')
            fputs("\\e", stdout);
        else if (*p == '-')
            fputs("\\-", stdout);
        else
            putchar(*p);
    }
}

static void roff_options(const struct cli_option *options)
{
    for (; options && options->name; options++) {
        fputs(".TP\n\\fB", stdout);
        roff(options->name);
        fputs("\\fR", stdout);
        if (options->argument)
            printf(" \\fI%s\\fR", options->argument);
        putchar('\n');
        roff(_(options->help));
        putchar('\n');
    }
}

void cli_manual(void)
{
    printf(".TH SATOMADO 1 \"\" \"%s\"\n.SH %s\nsatomado \\- %s\n", PACKAGE_STRING, _("名前"),
           _("町の窓口で申請や届出を受け付け、町へ送る"));
    printf(".SH %s\n\\fBsatomado\\fR [\\fI%s\\fR] [\\fI%s\\fR ...]\n.SH %s\n", _("書式"), _("指定"),
           _("命令"), _("指定"));
    roff_options(cli_global_options);
    printf(".SH %s\n", _("命令"));
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct cli_command *c = cli_groups[g]; c->name; c++) {
            printf(".SS \"%s %s\"\n", c->name, c->words);
            roff(_(c->help));
            putchar('\n');
            roff_options(c->options);
        }
    }
    printf(".SH %s\n", _("終了の値"));
    roff(_("0 済み、1 規則により拒まれた、2 使い方の誤り、3 データの誤り、4 権限なし"));
    putchar('\n');
}

/* --- bash --- */

static size_t first_word(const char *name)
{
    return strcspn(name, " ");
}

/* Second words of the commands that begin like this one: user -> add list. */
static void second_words(const struct cli_command *first)
{
    size_t len = first_word(first->name);
    printf("  *\" %.*s \") words=\"", (int)len, first->name);
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name; c++)
            if (first_word(c->name) == len && strncmp(c->name, first->name, len) == 0)
                printf("%s ", c->name + len + 1);
    puts("\" ;;");
}

/* True for the first command of the table that begins with its first word. */
static bool begins(const struct cli_command *command)
{
    size_t len = first_word(command->name);
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name; c++)
            if (first_word(c->name) == len && strncmp(c->name, command->name, len) == 0)
                return c == command;
    return false;
}

/* What may stand next: a command's options (or files) after its words, its second word after the
 * first, else first words and global options. */
void cli_completion(void)
{
    puts("_satomado() {\n"
         "  local line=\" ${COMP_WORDS[*]:1:COMP_CWORD-1} \" cur=${COMP_WORDS[COMP_CWORD]} words\n"
         "  case \"$line\" in");
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct cli_command *c = cli_groups[g]; c->name; c++) {
            printf("  *\" %s \"*) words=\"", c->name);
            for (const struct cli_option *o = c->options; o && o->name; o++)
                printf("%s ", o->name);
            puts("--help\" ;;");
        }
    }
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name; c++)
            if (begins(c) && strchr(c->name, ' '))
                second_words(c);
    fputs("  *) words=\"", stdout);
    for (size_t g = 0; cli_groups[g]; g++)
        for (const struct cli_command *c = cli_groups[g]; c->name; c++)
            if (begins(c))
                printf("%.*s ", (int)first_word(c->name), c->name);
    for (const struct cli_option *o = cli_global_options; o->name; o++)
        printf("%s ", o->name);
    puts("--help\" ;;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  [[ $words == -* && $cur != -* ]] && COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
         "complete -o filenames -F _satomado satomado");
}
