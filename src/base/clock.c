#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define OFFICE_OFFSET_MS ((int64_t)9 * 3600 * 1000)
#define DAY_MS           ((int64_t)24 * 3600 * 1000)

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_mono(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* What the file behind SATOMADO_CLOCK said last. */
static struct {
    bool known;
    struct timespec changed;
    int64_t start;
    int64_t mono;
} setting;

static bool setting_read(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return setting.known;
    if (setting.known && memcmp(&st.st_mtim, &setting.changed, sizeof st.st_mtim) == 0)
        return true;
    char text[64];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return setting.known;
    ssize_t len = read(fd, text, sizeof text - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    int64_t start;
    if (!iso_time_parse(&start, text))
        return setting.known;
    setting.known = true;
    setting.changed = st.st_mtim;
    setting.start = start;
    setting.mono = clock_mono();
    return true;
}

static bool set_by_program;

void clock_set(int64_t ms)
{
    set_by_program = ms != 0;
    setting.known = false;
    setting.start = ms;
    setting.mono = clock_mono();
}

bool clock_is_set(void)
{
    const char *path = getenv("SATOMADO_CLOCK");
    return set_by_program || (path && *path && setting_read(path));
}

int64_t clock_now(void)
{
    if (clock_is_set())
        return setting.start + clock_mono() - setting.mono;
    return read_clock(CLOCK_REALTIME);
}

void clock_boot_id(char out[33])
{
    memset(out, '0', 32);
    out[32] = '\0';
    char text[40] = "";
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t len = read(fd, text, 36);
    close(fd);
    if (len != 36)
        return;
    size_t used = 0;
    for (size_t i = 0; i < 36 && used < 32; i++)
        if (text[i] != '-')
            out[used++] = text[i];
}

/* Days from the civil calendar: years start in March so that the leap day is the last one. */
int64_t date_days(struct date d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    struct date d;
    d.day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    d.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    d.year = (int)(year_of_era + era * 400 + (d.month <= 2));
    return d;
}

bool date_valid(struct date d)
{
    if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
        return false;
    return date_compare(date_from_days(date_days(d)), d) == 0;
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

int date_weekday(struct date d)
{
    return (int)(((date_days(d) + 4) % 7 + 7) % 7);
}

struct office_time office_time_at(int64_t ms)
{
    int64_t local = ms + OFFICE_OFFSET_MS;
    int64_t days = (local >= 0 ? local : local - DAY_MS + 1) / DAY_MS;
    int rest = (int)(local - days * DAY_MS);
    return (struct office_time){.date = date_from_days(days),
                                .hour = rest / 3600000,
                                .minute = rest / 60000 % 60,
                                .second = rest / 1000 % 60,
                                .millisecond = rest % 1000};
}

int64_t office_time_ms(const struct office_time *t)
{
    int64_t seconds = t->hour * 3600 + t->minute * 60 + t->second;
    return date_days(t->date) * DAY_MS + seconds * 1000 + t->millisecond - OFFICE_OFFSET_MS;
}

struct date clock_today(void)
{
    return office_time_at(clock_now()).date;
}

void iso_time(char out[ISO_TIME_SIZE], int64_t ms)
{
    struct office_time t = office_time_at(ms);
    snprintf(out, ISO_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03u+09:00",
             (unsigned)t.date.year % 10000, (unsigned)t.date.month % 100,
             (unsigned)t.date.day % 100, (unsigned)t.hour % 100, (unsigned)t.minute % 100,
             (unsigned)t.second % 100, (unsigned)t.millisecond % 1000);
}

/* Exactly `count` digits, and the character after them unless that is 0. */
static bool take_number(const char **text, size_t count, char after, int *out)
{
    *out = 0;
    for (; count; count--, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        *out = *out * 10 + (**text - '0');
    }
    return !after || *(*text)++ == after;
}

bool iso_time_parse(int64_t *ms, const char *text)
{
    struct office_time t = {0};
    if (strlen(text) < 19 || text[10] != 'T')
        return false;
    char day[11];
    memcpy(day, text, 10);
    day[10] = '\0';
    if (!iso_date_parse(&t.date, day))
        return false;
    const char *rest = text + 11;
    if (!take_number(&rest, 2, ':', &t.hour) || !take_number(&rest, 2, ':', &t.minute) ||
        !take_number(&rest, 2, 0, &t.second) || t.hour > 23 || t.minute > 59 || t.second > 59)
        return false;
    if (*rest == '.') {
        rest++;
        if (!take_number(&rest, 3, 0, &t.millisecond))
            return false;
    }
    *ms = office_time_ms(&t);
    if (strcmp(rest, "Z") == 0)
        *ms += OFFICE_OFFSET_MS;
    else if (strcmp(rest, "+09:00") != 0)
        return false;
    return true;
}

void iso_date(char out[ISO_DATE_SIZE], struct date d)
{
    snprintf(out, ISO_DATE_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000,
             (unsigned)d.month % 100, (unsigned)d.day % 100);
}

bool iso_date_parse(struct date *d, const char *text)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof shape; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i])
            return false;
    }
    d->year = atoi(text);
    d->month = atoi(text + 5);
    d->day = atoi(text + 8);
    return date_valid(*d);
}
