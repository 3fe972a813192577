/* P2, adults' risk factors, in C: what familyabm.rules.circumstances does, on the same tables with the same luck.
   `in_c` writes the tables' layouts (struct family, struct adult and the rest) above this and compiles it with gcc -O3. */

#include <math.h>

enum { HOUSING, MENTAL_HEALTH, SUBSTANCE_MISUSE, DOMESTIC_ABUSE, SEVERE = 3, DECILES = 11, YEAR = 52 };
enum { ACTIVE = 2, COMPLETED = 3, WITH_CLINICIAN = 5 };                     /* Treatment */
enum { UNIVERSAL = 0, CLOSED = 12 };                                        /* Status */
enum { FAMILY_WEEK = 0, ADULT_WEEK = 1, ABUSE_ONSET = 27 };                 /* Block */

typedef struct {
    struct families *families;
    struct adults *adults;
    struct authority *authority;
    struct levers *levers;
    struct limits *limits;
    const double *shocks;
    const uint64_t *luck, *family_keys;
    uint32_t *family_hand;
    int32_t *awake;
    const struct chances *chances;
    const struct circumstances *circumstances;
    const struct effects *effects;
    const struct adult_services *adult_services;
    const uint64_t *adult_keys;
    uint32_t *adult_hand;
    int64_t n_families, n_adults;
} town;

typedef struct families family;
typedef struct adults adult;

static inline void philox(uint64_t c[4], uint64_t k0, uint64_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t first = 0xD2511F53ULL * c[0], second = 0xCD9E8D57ULL * c[2];
        uint64_t next_0 = (second >> 32) ^ c[1] ^ k0, next_2 = (first >> 32) ^ c[3] ^ k1;
        c[0] = next_0, c[1] = second & 0xFFFFFFFFULL, c[2] = next_2, c[3] = first & 0xFFFFFFFFULL;
        k0 = (k0 + 0x9E3779B9ULL) & 0xFFFFFFFFULL;
        k1 = (k1 + 0xBB67AE85ULL) & 0xFFFFFFFFULL;
    }
}

static void deal(uint32_t *restrict hand, const uint64_t *restrict keys, const uint64_t *fate, int64_t n, int64_t week,
                 int64_t block) {
    const uint64_t seed = fate[0], run = fate[1];
    for (int64_t row = 0; row < n; row++) {
        uint64_t c[4] = {keys[row] & 0xFFFFFFFFULL, keys[row] >> 32, (uint64_t)week, (uint64_t)block};
        philox(c, seed, run);
        hand[row] = c[0], hand[n + row] = c[1], hand[2 * n + row] = c[2], hand[3 * n + row] = c[3];
    }
}

static inline double as_chance(uint32_t word) { return ((double)word + 0.5) * 0x1p-32; }
static inline double chance(double rate) { return 1.0 - exp(-rate); }
static inline double saturating(double x, double ceiling) { return ceiling * (1.0 - exp(-x / ceiling)); }
static inline int is_open(const family *f) { return f->status != UNIVERSAL && f->status != CLOSED; }
static inline int levels_of(const family *f) { return f->level[0] + f->level[1] + f->level[2] + f->level[3]; }

static double push_on(const town *t, const family *f, int factor) {
    double total = 0.0;
    for (int other = 0; other < 4; other++) total += t->chances->coupling[other][factor] * f->level[other];
    return saturating(total, t->circumstances->coupling_ceiling);
}

static double treated(const town *t, const family *f, int factor) {
    if (f->treatment[factor] == ACTIVE) return 1.0;
    return f->treatment[factor] == WITH_CLINICIAN ? t->adult_services->clinician : 0.0;
}

static int relapsing(const town *t, const family *f, int64_t week, int factor) {
    if (f->treatment[factor] != COMPLETED) return 0;
    if (week - f->treatment_since[factor] > t->adult_services->relapse_weeks) return 0;
    for (int other = 0; other < 4; other++)
        if (other != factor && f->level[other] >= 2) return 1;
    return 0;
}

static double drag_on(const town *t, const family *f, int factor) {
    double total = 0.0;
    for (int other = 0; other < 4; other++) {
        double drag = t->circumstances->drag_ratio * t->chances->coupling[other][factor] * f->level[other];
        if (is_open(f) && treated(t, f, other) > 0.0) drag *= 1.0 - t->effects->joint_drag * t->levers->joint_response;
        total += drag;
    }
    return saturating(total, t->circumstances->drag_ceiling);
}

static double help_felt(const town *t, const family *f) {
    double reach = t->circumstances->help_base + t->effects->joint_help * t->levers->joint_response;
    return f->help * f->responsiveness * reach;
}

static double ordinary_rise(const town *t, const family *f, int64_t week, int factor, int level) {
    double rate = t->chances->rise[factor][level] * t->chances->decile_rise[factor][level][f->deprivation_decile];
    rate = rate * f->frailty;
    return rate * t->authority->hardship * t->shocks[4 * (week - t->authority->first_week) + factor];
}

static void set_limits(const town *t, int64_t week) {
    for (int factor = 0; factor < 4; factor++) {
        double shock = t->shocks[4 * (week - t->authority->first_week) + factor];
        double most = t->authority->hardship * shock * t->chances->most_rise;
        for (int level = 0; level < 4; level++)
            t->limits->ease[factor][level] = t->chances->ease[factor][level] * t->chances->most_ease;
        for (int level = 0; level < SEVERE; level++)
            for (int decile = 0; decile < DECILES; decile++) {
                double often = t->chances->rise[factor][level] * t->chances->decile_rise[factor][level][decile];
                t->limits->rise[factor][level][decile] = often * most;
            }
    }
}

static double rising(const town *t, const family *f, int64_t week, int factor, int level) {
    double exponent = push_on(t, f, factor) - t->circumstances->help_on_rise * help_felt(t, f);
    if (level < 2) exponent -= t->circumstances->prevention_on_onset * (t->authority->prevention - 1.0);
    exponent -= t->adult_services->on_rise * treated(t, f, factor);
    double again = relapsing(t, f, week, factor) ? t->adult_services->relapse : 1.0;
    return chance(ordinary_rise(t, f, week, factor, level) * exp(exponent) * again);
}

static double easing(const town *t, const family *f, int factor, int level, int high_weeks) {
    double exponent = t->circumstances->help_on_recovery * help_felt(t, f);
    exponent = exponent + t->circumstances->recovery_by_network * f->network;
    exponent += t->chances->decile_ease[f->deprivation_decile] - drag_on(t, f, factor);
    exponent += t->adult_services->on_recovery * treated(t, f, factor);
    double rate = t->chances->ease[factor][level] * exp(exponent) * f->resilience;
    return chance(rate * (high_weeks >= YEAR ? t->circumstances->chronicity : 1.0));
}

static int next_level(const town *t, const family *f, int64_t week, int factor, int level, int high_weeks, double luck,
                      double exposed) {
    double other = 1.0 - luck;
    if (luck < t->limits->rise[factor][level][f->deprivation_decile] * f->frailty &&
        luck < rising(t, f, week, factor, level) * exposed)
        return level + 1;
    if (level > 0 && other < t->limits->ease[factor][level] * f->resilience &&
        other < easing(t, f, factor, level, high_weeks))
        return level - 1;
    return level;
}

static int counted(int high_weeks, int level) {
    return level >= 2 ? (high_weeks + 1 < 255 ? high_weeks + 1 : 255) : 0;
}

static void adult_changes(const town *t, const family *f, int64_t week, int64_t row) {
    adult *a = &t->adults[row];
    double mental = as_chance(t->adult_hand[row]), substance = as_chance(t->adult_hand[t->n_adults + row]);
    a->mental_health = next_level(t, f, week, MENTAL_HEALTH, a->mental_health, a->mental_high, mental, 1.0);
    a->substance_misuse = next_level(t, f, week, SUBSTANCE_MISUSE, a->substance_misuse, a->substance_high, substance, 1.0);
    a->mental_high = counted(a->mental_high, a->mental_health);
    a->substance_high = counted(a->substance_high, a->substance_misuse);
}

static int starts_severe(const town *t, const family *f, int64_t week) {
    uint64_t c[4] = {f->key & 0xFFFFFFFFULL, f->key >> 32, (uint64_t)week, ABUSE_ONSET};
    philox(c, t->luck[0], t->luck[1]);
    return ((double)c[0] + 0.5) * 0x1p-32 < t->circumstances->abuse_severe_onset;
}

static void home_changes(const town *t, family *f, int64_t week, int64_t row) {
    int partnered = t->adults[f->first_adult + 1].resident == 1, before = f->level[DOMESTIC_ABUSE];
    double exposed = partnered ? 1.0 : t->circumstances->abuse_without_partner;
    double for_home = as_chance(t->family_hand[row]), for_abuse = as_chance(t->family_hand[t->n_families + row]);
    int housing = next_level(t, f, week, HOUSING, f->level[HOUSING], f->high_weeks[0], for_home, 1.0);
    int abuse = next_level(t, f, week, DOMESTIC_ABUSE, before, f->high_weeks[1], for_abuse, exposed);
    if (before == 0 && abuse == 1 && starts_severe(t, f, week)) abuse = 2;
    f->level[HOUSING] = housing;
    f->level[DOMESTIC_ABUSE] = abuse;
    f->high_weeks[0] = counted(f->high_weeks[0], housing);
    f->high_weeks[1] = counted(f->high_weeks[1], abuse);
}

static void worst_of_adults(const town *t, family *f) {
    int mental = 0, substance = 0;
    for (int64_t row = f->first_adult; row < f->first_adult + f->n_adults; row++) {
        const adult *a = &t->adults[row];
        if (a->resident != 1) continue;
        if (a->mental_health > mental) mental = a->mental_health;
        if (a->substance_misuse > substance) substance = a->substance_misuse;
    }
    f->level[MENTAL_HEALTH] = mental;
    f->level[SUBSTANCE_MISUSE] = substance;
}

static int untouched(const town *t, const family *f, int64_t row) {
    int decile = f->deprivation_decile;
    if (levels_of(f) > 0) return 0;
    if (as_chance(t->family_hand[row]) < t->limits->rise[HOUSING][0][decile] * f->frailty) return 0;
    if (as_chance(t->family_hand[t->n_families + row]) < t->limits->rise[DOMESTIC_ABUSE][0][decile] * f->frailty) return 0;
    double mental = t->limits->rise[MENTAL_HEALTH][0][decile] * f->frailty;
    double substance = t->limits->rise[SUBSTANCE_MISUSE][0][decile] * f->frailty;
    for (int64_t place = f->first_adult; place < f->first_adult + f->n_adults; place++) {
        if (t->adults[place].mental_health + t->adults[place].substance_misuse > 0) return 0;
        if (as_chance(t->adult_hand[place]) < mental) return 0;
        if (as_chance(t->adult_hand[t->n_adults + place]) < substance) return 0;
    }
    return 1;
}

static int awake(const family *f, int64_t week) {
    if (levels_of(f) > 0 || f->harm > 0.0 || is_open(f)) return 1;
    if (f->n_away + f->n_settled + f->tender + f->in_treatment + f->outside > 0) return 1;
    return f->panel + f->complaint > 0 || f->fated == week || f->first_sign >= 0 || f->help > 0.0;
}

void escalate_or_resolve(const town *t, int64_t week) {
    deal(t->family_hand, t->family_keys, t->luck, t->n_families, week, FAMILY_WEEK);
    deal(t->adult_hand, t->adult_keys, t->luck, t->n_adults, week, ADULT_WEEK);
    set_limits(t, week);
    t->authority->n_awake = 0;
    for (int64_t row = 0; row < t->n_families; row++) {
        family *f = &t->families[row];
        if (!untouched(t, f, row)) {
            home_changes(t, f, week, row);
            for (int64_t place = f->first_adult; place < f->first_adult + f->n_adults; place++)
                adult_changes(t, f, week, place);
            worst_of_adults(t, f);
        }
        if (awake(f, week)) t->awake[t->authority->n_awake++] = row;
    }
}
