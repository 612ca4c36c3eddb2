/* Functions of numbers, and of places on the earth. */
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/xmem.h"
#include "form/functions_internal.h"

struct result function_number(const struct call *call)
{
    return result_number(call_number(call, 0));
}
struct result function_int(const struct call *call)
{
    return result_number(trunc(call_number(call, 0)));
}
/* The number as it is written, its point moved: 1.005 by 2 is 100.5, not 100.49999. */
static double shifted(double number, int places)
{
    char text[64];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            break;
    }
    char *exponent = strchr(text, 'e');
    int power = atoi(exponent + 1) + places;
    snprintf(exponent, sizeof text - (size_t)(exponent - text), "e%d", power);
    return strtod(text, NULL);
}
/* Halves go up; a negative number of places rounds to tens, hundreds ... */
struct result function_round(const struct call *call)
{
    double number = call_number(call, 0);
    double places = call->node->arg_count > 1 ? trunc(call_number(call, 1)) : 0;
    if (!isfinite(number))
        return result_number(number);
    if (!(fabs(places) <= 30))
        return result_number(NAN);
    double whole = shifted(number, (int)places), down = floor(whole);
    return result_number(shifted(whole - down >= 0.5 ? down + 1 : down, -(int)places));
}
struct result function_floor(const struct call *call)
{
    return result_number(floor(call_number(call, 0)));
}
struct result function_ceiling(const struct call *call)
{
    return result_number(ceil(call_number(call, 0)));
}
struct result function_abs(const struct call *call)
{
    return result_number(fabs(call_number(call, 0)));
}
struct result function_pow(const struct call *call)
{
    return result_number(pow(call_number(call, 0), call_number(call, 1)));
}

#define NUMBER_FUNCTION(function, expression)       \
    struct result function(const struct call *call) \
    {                                               \
        double x = call_number(call, 0);            \
        return result_number(expression);           \
    }
NUMBER_FUNCTION(function_sqrt, sqrt(x))
NUMBER_FUNCTION(function_exp, exp(x))
NUMBER_FUNCTION(function_exp10, pow(10, x))
NUMBER_FUNCTION(function_log, log(x))
NUMBER_FUNCTION(function_log10, log10(x))
NUMBER_FUNCTION(function_sin, sin(x))
NUMBER_FUNCTION(function_cos, cos(x))
NUMBER_FUNCTION(function_tan, tan(x))
NUMBER_FUNCTION(function_asin, asin(x))
NUMBER_FUNCTION(function_acos, acos(x))
NUMBER_FUNCTION(function_atan, atan(x))
#undef NUMBER_FUNCTION
struct result function_atan2(const struct call *call)
{
    return result_number(atan2(call_number(call, 0), call_number(call, 1)));
}
struct result function_pi(const struct call *call)
{
    (void)call;
    return result_number(M_PI);
}

double random_fraction(void)
{
    uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        return 0;
    return bits / 4294967296.0;
}
struct result function_random(const struct call *call)
{
    (void)call;
    return result_number(random_fraction());
}

/* --- places: "latitude longitude [altitude accuracy]", several with ; between --- */

#define EARTH_RADIUS 6378100.0 /* metres, at the equator: what ODK reckons with */

struct point {
    double latitude, longitude;
};
struct points {
    struct point *items;
    size_t count;
};

static double radians(double degrees)
{
    return degrees * M_PI / 180;
}

/* False when the text is no place. Blank answers are no place and no mistake. */
static bool points_add(struct points *points, const char *text)
{
    for (const char *s = text;; s++) {
        struct point p;
        int used = 0;
        s += strspn(s, " ");
        if (!*s)
            return true;
        if (sscanf(s, "%lf %lf%n", &p.latitude, &p.longitude, &used) != 2 ||
            !(fabs(p.latitude) <= 90) || !(fabs(p.longitude) <= 180))
            return false;
        points->items = xroom(points->items, points->count, sizeof *points->items);
        points->items[points->count++] = p;
        s += used;
        s += strcspn(s, ";");
        if (!*s)
            return true;
    }
}
/* Of the arguments from `first` up to `end`, rows of repeats one after the other. */
static bool points_of(const struct call *call, size_t first, size_t end, struct points *out)
{
    bool right = true;
    *out = (struct points){0};
    for (size_t i = first; i < end && i < call->node->arg_count && right; i++) {
        struct result value = call_value(call, i);
        bool rows = value.kind == RESULT_NODES;
        for (size_t k = 0; right && k < (rows ? value.count : 1); k++) {
            char *text = to_text(rows ? &value.nodes[k] : &value);
            right = points_add(out, text);
            xfree(&text);
        }
        result_free(&value);
    }
    return right;
}

static double distance_between(struct point a, struct point b)
{
    double x = radians(a.latitude), y = radians(b.latitude);
    double cosine = sin(x) * sin(y) + cos(x) * cos(y) * cos(radians(a.longitude - b.longitude));
    return acos(fmin(1, fmax(-1, cosine))) * EARTH_RADIUS;
}
/* Along all the points, in metres. */
struct result function_distance(const struct call *call)
{
    struct points points;
    double sum = 0;
    bool right = points_of(call, 0, call->node->arg_count, &points);
    for (size_t i = 1; i < points.count; i++)
        sum += distance_between(points.items[i - 1], points.items[i]);
    xfree(&points.items);
    return result_number(right ? sum : NAN);
}
/* Square metres inside the points, on a plane that touches the earth at the first. */
struct result function_area(const struct call *call)
{
    struct points points;
    double sum = 0, x = 0, y = 0, degree = 2 * M_PI * EARTH_RADIUS / 360;
    bool right = points_of(call, 0, call->node->arg_count, &points);
    for (size_t i = 1; i < points.count; i++) {
        struct point p = points.items[i];
        double north = (p.latitude - points.items[0].latitude) * degree;
        double east = (p.longitude - points.items[0].longitude) * degree * cos(radians(p.latitude));
        sum += (x * north - east * y) / 2;
        x = east;
        y = north;
    }
    xfree(&points.items);
    return result_number(right ? fabs(sum) : NAN);
}
/* Whether the place lies inside the shape: a line from it to the east meets the edge an odd number
 * of times. */
struct result function_geofence(const struct call *call)
{
    struct points place, shape;
    bool inside = false;
    bool right = points_of(call, 0, 1, &place);
    right = points_of(call, 1, 2, &shape) && right && place.count == 1;
    for (size_t i = 0; right && i < shape.count; i++) {
        struct point p = place.items[0], a = shape.items[i ? i - 1 : shape.count - 1];
        struct point b = shape.items[i];
        if ((a.latitude > p.latitude) == (b.latitude > p.latitude))
            continue;
        double part = (p.latitude - a.latitude) / (b.latitude - a.latitude);
        inside ^= p.longitude < a.longitude + part * (b.longitude - a.longitude);
    }
    xfree(&place.items);
    xfree(&shape.items);
    return result_boolean(inside);
}
