/* taliq/filter.h - the embeddable spam filter.
 *
 * No input or output, no globals, no threads, no clock, no abort(): the host
 * gives bytes and times, and keeps the model's bytes.  Every function may be
 * called from any thread as long as nothing changes a model while another call
 * uses it: learn, set_seed, merge, prune and free do; any number of threads may
 * use one model otherwise.
 * Deterministic: the same calls in the same order give the same bytes.
 *
 * Units: times are seconds since 1970-01-01 UTC; sizes are bytes; probabilities
 * are 0..1; weights are log-odds, above 0 for spam.  Text is UTF-8; ill-formed
 * bytes are replaced, never refused.
 *
 * What returns a status writes its results on TALIQ_OK only, and changes nothing
 * else otherwise; each can be TALIQ_NOMEM unless it says that it allocates
 * nothing.  taliq_input may grow at its end; the other structures only with a new
 * major version (soname). */
#ifndef TALIQ_FILTER_H
#define TALIQ_FILTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TALIQ_API __attribute__((visibility("default")))
#else
#define TALIQ_API
#endif

/* Within them, of a body: the first 2,000 words and signs, runs of the first
 * 3,000 and last 1,000 characters, the first 24 links and 8 phone numbers. */
#define TALIQ_BODY_MAX 65536	/* bytes of a body; longer ones are refused */
#define TALIQ_FIELD_MAX 4096	/* bytes of any other text */
#define TALIQ_SIGNALS_MAX 16	/* signals of the host with one comment... */
#define TALIQ_SIGNAL_MAX 1e6	/* ...and the weight of one, either way */

typedef struct taliq_text {
	const char *bytes;	/* not NUL-terminated; NULL only when len is 0 */
	size_t len;
} taliq_text;

typedef enum taliq_status {
	TALIQ_OK = 0,
	TALIQ_NOMEM,		/* no memory; nothing has changed */
	TALIQ_INVALID,		/* an argument breaks a limit */
	TALIQ_CORRUPT,		/* a saved model does not check out */
	TALIQ_VERSION,		/* saved by a library of another version */
	TALIQ_FOREIGN		/* these bytes are no model of this kind */
} taliq_status;

typedef enum taliq_class {
	TALIQ_HAM = 0,
	TALIQ_SPAM = 1,
	TALIQ_UNSURE = 2	/* only in verdicts: hold it for a person */
} taliq_class;

/* Evidence of the host about one comment (known author, form timing, honeypot,
 * rate), added to what the text says.  It is shown among the reasons and never
 * learnt. */
typedef struct taliq_signal {
	const char *name;	/* NUL-terminated; must outlive the verdict */
	double weight;		/* within TALIQ_SIGNAL_MAX; 0: nothing to say */
} taliq_signal;

/* One comment, all of it borrowed for the length of a call.  Set size, zero
 * what is not known.  Fields may be added at its end: a library takes every size
 * from the first version's to its own, and refuses a larger one. */
typedef struct taliq_input {
	uint32_t size;		/* sizeof(taliq_input) of the host's header */
	uint32_t n_signals;
	const taliq_signal *signals;
	taliq_text body;
	taliq_text author, email, url, user_agent;
	taliq_text lang;	/* of the page, BCP 47 */
	int64_t written_at, page_published_at;	/* 0: unknown */
} taliq_input;

#define TALIQ_REASONS_MAX 8
#define TALIQ_DETAIL_MAX 120

/* Why: what was seen and how much it weighed. */
typedef struct taliq_reason {
	/* Stable across releases (taliq_filter(3) lists them), or the name of
	 * a signal of the host. */
	const char *name;
	double weight;
	/* For people: words, host, counts; well-formed UTF-8 without control
	 * characters, NUL-terminated, may be empty.  It quotes the comment:
	 * escape it where it is shown. */
	char detail[TALIQ_DETAIL_MAX];
} taliq_reason;

typedef struct taliq_verdict {
	double p_spam;		/* calibrated probability */
	double logit;		/* its log-odds */
	taliq_class verdict;	/* by the default thresholds below */
	uint32_t n_reasons;	/* 0 after taliq_classify */
	taliq_reason reasons[TALIQ_REASONS_MAX];	/* strongest first */
} taliq_verdict;

/* From HOLD on a comment is unsure, from SPAM on it is spam. */
#define TALIQ_HOLD_AT 0.5
#define TALIQ_SPAM_AT 0.9

typedef struct taliq_model taliq_model;

/* A model that knows nothing. */
TALIQ_API taliq_status taliq_model_new(taliq_model **out);
/* A model on top of the seed that ships with the library.  TALIQ_CORRUPT,
 * TALIQ_VERSION or TALIQ_FOREIGN when it was built with a bad one. */
TALIQ_API taliq_status taliq_model_new_seeded(taliq_model **out);
TALIQ_API void taliq_model_free(taliq_model *m);	/* NULL is fine */
/* A model of its own with the same seed and all that m has learnt. */
TALIQ_API taliq_status taliq_model_copy(const taliq_model *m,
    taliq_model **out);

/* The verdict without reasons.  TALIQ_INVALID when *in breaks a limit. */
TALIQ_API taliq_status taliq_classify(const taliq_model *m,
    const taliq_input *in, taliq_verdict *out);
/* The same with reasons: the strongest, the last of eight being the sum of the
 * rest when there are more, so that all weights add up to the logit. */
TALIQ_API taliq_status taliq_explain(const taliq_model *m,
    const taliq_input *in, taliq_verdict *out);
/* One step of on-line learning.  TALIQ_INVALID when *in breaks a limit or c is
 * neither TALIQ_HAM nor TALIQ_SPAM. */
TALIQ_API taliq_status taliq_learn(taliq_model *m, const taliq_input *in,
    taliq_class c);

/* Bytes of what was learnt (not of the seed below it); *out is malloc()ed, the
 * caller free()s it. */
TALIQ_API taliq_status taliq_model_save(const taliq_model *m, uint8_t **out,
    size_t *len);
/* A saved model, on top of the shipped seed when it was learnt on any seed
 * (taliq_model_about tells whether on another).  TALIQ_CORRUPT, TALIQ_VERSION,
 * TALIQ_FOREIGN. */
TALIQ_API taliq_status taliq_model_load(taliq_model **out, const uint8_t *p,
    size_t len);

/* Takes a seed file in place of the one that m has; the bytes are copied.
 * TALIQ_CORRUPT, TALIQ_VERSION, TALIQ_FOREIGN. */
TALIQ_API taliq_status taliq_model_set_seed(taliq_model *m, const uint8_t *p,
    size_t len);
/* What was learnt as the bytes of a seed file, weights in steps of 1/64.  bias
 * is added to its score, which will count at most clip either way.
 * TALIQ_INVALID unless bias is within 1e5 either way and clip is 0 to 1e5. */
TALIQ_API taliq_status taliq_model_save_seed(const taliq_model *m, double bias,
    double clip, uint8_t **out, size_t *len);

typedef struct taliq_model_info {
	uint64_t n_spam, n_ham;	/* comments learnt */
	uint32_t places;	/* places of the table... */
	uint32_t used;		/* ...that have learnt something */
	uint32_t seed_id;	/* 0: no seed */
	uint32_t changed_seed;	/* 1: learnt on another seed than it has now */
	double bias;		/* log-odds of a comment without features */
	double mean_weight, max_weight;	/* of used places, absolute */
} taliq_model_info;
TALIQ_API void taliq_model_about(const taliq_model *m, taliq_model_info *out);

typedef struct taliq_seed_info {
	uint32_t id;		/* 0: no seed; all else is 0 then */
	uint32_t places;	/* places of its table... */
	uint32_t used;		/* ...whose weight is not 0 */
	uint64_t n_spam, n_ham;	/* lessons, each comment once an epoch */
	double bias;		/* log-odds added to its score... */
	double clip;		/* ...which counts at most this either way */
	double mean_weight, max_weight;	/* of used places, absolute */
} taliq_seed_info;
/* The seed below m. */
TALIQ_API void taliq_seed_about(const taliq_model *m, taliq_seed_info *out);

typedef struct taliq_model_diff {
	uint32_t only_a, only_b, both;	/* places that have learnt */
	double mean_change, max_change;	/* of weights, absolute, log-odds */
} taliq_model_diff;
TALIQ_API void taliq_model_compare(const taliq_model *a, const taliq_model *b,
    taliq_model_diff *out);

/* Adds to m what other has learnt: each weight becomes the mean of both,
 * weighed by how much evidence each has seen.  TALIQ_INVALID, and m as it was,
 * when they were learnt on different seeds.  Allocates nothing. */
TALIQ_API taliq_status taliq_model_merge(taliq_model *m, const taliq_model *other);
/* Forgets places whose weight is below least (log-odds); how many. */
TALIQ_API uint32_t taliq_model_prune(taliq_model *m, double least);

/* --- near duplicates ------------------------------------------------------ */

#define TALIQ_PRINT_PARTS 32

/* What almost equal texts share. */
typedef struct taliq_fingerprint {
	uint64_t exact;		/* keyed hash of the skeleton */
	uint32_t letters;	/* of the skeleton; 0: nothing to compare */
	uint32_t parts[TALIQ_PRINT_PARTS];	/* MinHash; zero when short */
} taliq_fingerprint;

/* key: 16 secret bytes, the same for all texts that are compared.  TALIQ_INVALID
 * when body is longer than TALIQ_BODY_MAX. */
TALIQ_API taliq_status taliq_fingerprint_make(const uint8_t *key,
    taliq_text body, taliq_fingerprint *out);
/* 0..1: how much of their text two fingerprints share (estimated). */
TALIQ_API double taliq_fingerprint_likeness(const taliq_fingerprint *a,
    const taliq_fingerprint *b);

/* The latest texts, the oldest forgotten first.  One thread at a time.
 * TALIQ_INVALID unless capacity is 1 to 2^20. */
typedef struct taliq_recent taliq_recent;
TALIQ_API taliq_status taliq_recent_new(uint32_t capacity,
    taliq_recent **out);
TALIQ_API void taliq_recent_free(taliq_recent *r);	/* NULL is fine */
/* tag is the host's: a comment's number.  Cannot fail. */
TALIQ_API void taliq_recent_add(taliq_recent *r, const taliq_fingerprint *f,
    uint64_t tag);

typedef struct taliq_match {
	uint64_t tag;
	double likeness;	/* TALIQ_LIKENESS_MIN..1 */
} taliq_match;
#define TALIQ_LIKENESS_MIN 0.5

/* The recent texts that are almost f, newest first, at most max and at most 256;
 * how many. */
TALIQ_API size_t taliq_recent_find(const taliq_recent *r,
    const taliq_fingerprint *f, taliq_match *out, size_t max);

TALIQ_API const char *taliq_status_text(taliq_status s); /* static, English */

#ifdef __cplusplus
}
#endif
#endif
