#include "form/xlsform_words.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/strings.h"
#include "base/xmem.h"

/* header, key: the first row of a key is how it is written, the others how it may be spelled. */
struct word {
    const char *header, *key;
};
static const struct word survey_words[] = {
    {"type", "type"},
    {"name", "name"},
    {"label", "label"},
    {"hint", "hint"},
    {"guidance_hint", "guidance_hint"},
    {"required", "required"},
    {"required_message", "required_message"},
    {"relevant", "relevant"},
    {"constraint", "constraint"},
    {"constraint_message", "constraint_message"},
    {"calculation", "calculation"},
    {"default", "default"},
    {"readonly", "read_only"},
    {"appearance", "appearance"},
    {"parameters", "parameters"},
    {"choice_filter", "choice_filter"},
    {"repeat_count", "repeat_count"},
    {"trigger", "trigger"},
    {"command", "type"},
    {"tag", "name"},
    {"value", "name"},
    {"caption", "label"},
    {"guidance", "guidance_hint"},
    {"requiredmsg", "required_message"},
    {"relevance", "relevant"},
    {"skip_logic", "relevant"},
    {"constraining_message", "constraint_message"},
    {"constraint_msg", "constraint_message"},
    {"calculate", "calculation"},
    {"read_only", "read_only"},
    {"choice-filter", "choice_filter"},
    {"count", "repeat_count"},
    {"jr:count", "repeat_count"},
    {"bind::required", "required"},
    {"bind::relevant", "relevant"},
    {"bind::constraint", "constraint"},
    {"bind::calculate", "calculation"},
    {"bind::readonly", "read_only"},
    {"bind::jr:constraintmsg", "constraint_message"},
    {"bind::jr:requiredmsg", "required_message"},
    {"control::appearance", "appearance"},
    {"body::appearance", "appearance"},
    {"control::jr:count", "repeat_count"},
};
static const struct word choice_words[] = {
    {"list_name", "list_name"}, {"name", "name"},  {"label", "label"},
    {"list", "list_name"},      {"value", "name"}, {"caption", "label"},
};
static const struct word setting_words[] = {
    {"form_title", "form_title"},
    {"form_id", "form_id"},
    {"version", "version"},
    {"default_language", "default_language"},
    {"instance_name", "instance_name"},
    {"title", "form_title"},
    {"set_form_title", "form_title"},
    {"id_string", "form_id"},
    {"set_form_id", "form_id"},
};
static const struct {
    const struct word *words;
    size_t count;
} sheets[] = {
    [SHEET_SURVEY] = {survey_words, ARRAY_LEN(survey_words)},
    [SHEET_CHOICES] = {choice_words, ARRAY_LEN(choice_words)},
    [SHEET_SETTINGS] = {setting_words, ARRAY_LEN(setting_words)},
};

const char *xlsform_key(enum xlsform_sheet sheet, const char *header)
{
    for (size_t i = 0; i < sheets[sheet].count; i++)
        if (strcmp(sheets[sheet].words[i].header, header) == 0)
            return sheets[sheet].words[i].key;
    return NULL;
}

const char *xlsform_header(enum xlsform_sheet sheet, const char *key)
{
    for (size_t i = 0; i < sheets[sheet].count; i++)
        if (strcmp(sheets[sheet].words[i].key, key) == 0)
            return sheets[sheet].words[i].header;
    return NULL;
}

bool xlsform_lacking(const char *header)
{
    static const char *const begin[] = {
        "media",
        "image",
        "big-image",
        "audio",
        "video",
        "bind",
        "body",
        "instance",
        "control",
        "autoplay",
        "rows",
        "noapperrorstring",
        "no_app_error_string",
        "sms_",
        "compact_tag",
        "save_to",
        "geometry",
    };
    for (size_t i = 0; i < ARRAY_LEN(begin); i++)
        if (str_starts(header, begin[i]))
            return true;
    return false;
}

/* Small letters, _ for blanks. */
static char *plain_name(const char *text, size_t len)
{
    struct buffer out = BUFFER_INIT;
    while (len && isspace((unsigned char)*text)) {
        text++;
        len--;
    }
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    for (size_t i = 0; i < len; i++)
        buffer_add_char(
            &out, isspace((unsigned char)text[i]) ? '_' : (char)tolower((unsigned char)text[i]));
    return buffer_steal(&out);
}

void xlsform_split(const char *header, char **name, char **language)
{
    static const char *const spoken[] = {"label", "hint", "guidance_hint", "caption"};
    const char *colons = strstr(header, "::"), *rest = colons ? colons + 2 : NULL;
    *language = NULL;
    if (!colons && (colons = strchr(header, ':'))) {
        /* one colon only after what is translated: jr:count is a name */
        char *front = plain_name(header, (size_t)(colons - header));
        if (strcmp(front, "bind") == 0 || strcmp(front, "body") == 0 ||
            strcmp(front, "control") == 0) {
            char *rest_name = plain_name(colons + 1, strlen(colons + 1));
            *name = xasprintf("%s::%s", front, rest_name);
            xfree(&front);
            xfree(&rest_name);
            return;
        }
        bool translated = str_ends(front, "message");
        for (size_t i = 0; i < ARRAY_LEN(spoken); i++)
            translated = translated || strcmp(front, spoken[i]) == 0;
        xfree(&front);
        rest = translated ? colons + 1 : NULL;
    }
    *name = plain_name(header, rest ? (size_t)(colons - header) : strlen(header));
    if (!rest)
        return;
    if (strcmp(*name, "bind") == 0 || strcmp(*name, "body") == 0 || strcmp(*name, "control") == 0) {
        xfree(name);
        *name = plain_name(header, strlen(header));
        return;
    }
    rest += strspn(rest, " ");
    *language = xstrdup(rest);
    for (size_t len = strlen(rest); len && (*language)[len - 1] == ' '; len--)
        (*language)[len - 1] = '\0';
}

/* --- Types --- */

/* theirs, ours ("" leaves the row out), whether something is lost */
static const struct {
    const char *theirs, *ours;
    bool loses;
} types[] = {
    {"dateTime", "datetime", false},
    {"datetime", "datetime", false},
    {"date time", "datetime", false},
    {"text", "text", false},
    {"string", "text", false},
    {"integer", "integer", false},
    {"int", "integer", false},
    {"decimal", "decimal", false},
    {"range", "range", false},
    {"date", "date", false},
    {"time", "time", false},
    {"acknowledge", "acknowledge", false},
    {"trigger", "acknowledge", false},
    {"note", "note", false},
    {"calculate", "calculate", false},
    {"hidden", "hidden", false},
    {"barcode", "barcode", false},
    {"image", "image", false},
    {"photo", "image", false},
    {"file", "file", false},
    {"audio", "file", false},
    {"video", "file", false},
    {"geopoint", "geopoint", false},
    {"gps", "geopoint", false},
    {"location", "geopoint", false},
    {"start", "start", false},
    {"start time", "start", false},
    {"end", "end", false},
    {"end time", "end", false},
    {"today", "today", false},
    {"username", "username", false},
    {"deviceid", "deviceid", false},
    {"device id", "deviceid", false},
    {"imei", "deviceid", false},
    /* what the counter has not */
    {"geotrace", "text", true},
    {"geoshape", "text", true},
    {"osm", "text", true},
    {"phonenumber", "hidden", true},
    {"phone number", "hidden", true},
    {"simserial", "hidden", true},
    {"subscriberid", "hidden", true},
    {"email", "hidden", true},
    {"start-geopoint", "hidden", true},
    {"background-geopoint", "hidden", true},
    {"audit", "", true},
    {"background-audio", "", true},
    {"xml-external", "", true},
    {"csv-external", "", true},
};

const char *xlsform_type(const char *type, bool *loses)
{
    type += str_starts(type, "uri:") ? strlen("uri:") : 0;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].theirs, type) == 0 ||
            (types[i].loses && str_starts(type, types[i].theirs) &&
             type[strlen(types[i].theirs)] == ' ')) {
            *loses = types[i].loses;
            return types[i].ours;
        }
    return NULL;
}

const char *xlsform_select(const char *type, const char **list, bool *loses)
{
    static const struct {
        const char *begin, *ours;
        bool loses;
    } selects[] = {
        {"select_one_from_file ", "select_one", true},
        {"select one from file ", "select_one", true},
        {"select_multiple_from_file ", "select_multiple", true},
        {"select multiple from file ", "select_multiple", true},
        {"select_one_external ", "select_one", true},
        {"rank ", "select_multiple", true},
        {"add select one prompt using ", "select_one", false},
        {"add select multiple prompt using ", "select_multiple", false},
        {"select all that apply from ", "select_multiple", false},
        {"select one from ", "select_one", false},
        {"select_one_from ", "select_one", false},
        {"select_one ", "select_one", false},
        {"select one ", "select_one", false},
        {"select1 ", "select_one", false},
        {"select_multiple ", "select_multiple", false},
        {"select multiple from ", "select_multiple", false},
        {"select all that apply ", "select_multiple", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(selects); i++)
        if (str_starts(type, selects[i].begin)) {
            *list = type + strlen(selects[i].begin);
            *loses = selects[i].loses;
            return selects[i].ours;
        }
    return NULL;
}

const char *xlsform_type_out(const char *type)
{
    return strcmp(type, "datetime") == 0    ? "dateTime"
           : strcmp(type, "reference") == 0 ? "text"
                                            : type;
}

/* --- Appearances --- */

const char *xlsform_appearance(const char *word)
{
    static const char *const ours[] = {
#define APPEARANCE_WORD(bit, name) name,
        APPEARANCE_LIST(APPEARANCE_WORD)
#undef APPEARANCE_WORD
    };
    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        if (strcmp(ours[i], word) == 0)
            return ours[i];
    return strcmp(word, "thousands-sep") == 0 ? "amount" : NULL;
}
const char *xlsform_appearance_out(const char *word)
{
    return strcmp(word, "amount") == 0 ? "thousands-sep" : word;
}

/* --- Parts of ours --- */

const struct own_part own_parts[] = {
    {XLSFORM_OWN "queries", "queries", false, OWN_PAIRS, "sql"},
    {XLSFORM_OWN "checks", "checks", false, OWN_ROWS, NULL},
    {XLSFORM_OWN "states", "states", true, OWN_ROWS, NULL},
    {XLSFORM_OWN "actions", "actions", true, OWN_ROWS, NULL},
    {XLSFORM_OWN "clocks", "clocks", true, OWN_ROWS, NULL},
    {XLSFORM_OWN "list", "list", false, OWN_ONE, NULL},
    {XLSFORM_OWN "worklists", "worklists", false, OWN_ROWS, NULL},
    {XLSFORM_OWN "retention", "retention", false, OWN_ROWS, NULL},
    {XLSFORM_OWN "report", "report", false, OWN_ONE, NULL},
    {XLSFORM_OWN "person_page", "person_page", false, OWN_ROWS, NULL},
    {XLSFORM_OWN "card", "card", false, OWN_ONE, NULL},
    {XLSFORM_OWN "scan", "scan", false, OWN_ONE, NULL},
};
const size_t own_part_count = ARRAY_LEN(own_parts);

bool own_structured(const char *key)
{
    static const char *const keys[] = {"when", "with",    "from",    "roles",  "asks",
                                       "sets", "updates", "columns", "states", "chart_values",
                                       "to",   "stops",   "fields",  "keeps",  "twice"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}
