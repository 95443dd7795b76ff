/* What the commands do not show: how fast normalisation is, and how well near
 * duplicates are found.  Lines on standard input.
 *
 *   lines norm   bytes of text; prints MB/s of the best of nine passes
 *   lines near   "a TAG TEXT" adds, "q TAG TEXT" asks; prints how many asked
 *                texts found their tag, how many found another, and the times */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "taliq/filter.h"
#include "text/normalise.h"

#define INPUT_MAX (64u << 20)
#define RECENT 10000

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
norm(void)
{
	char *in = malloc(INPUT_MAX), *out = malloc(TQ_NORM_ROOM(INPUT_MAX));
	struct tq_norm_facts f;
	double best = 0;
	size_t n;

	if (in == NULL || out == NULL)
		return 3;
	n = fread(in, 1, INPUT_MAX, stdin);
	for (int k = 0; k < 9; k++) {
		double t = now_us();

		for (size_t at = 0; at < n;) {
			const char *end = memchr(in + at, '\n', n - at);
			size_t len = end != NULL ? (size_t)(end - in) - at :
			    n - at;

			tq_norm((tq_str){ in + at, len }, out, &f);
			at += len + 1;
		}
		t = (double)n / (now_us() - t);
		best = t > best ? t : best;
	}
	printf("%.0f MB/s of %zu bytes, line by line\n", best, n);
	free(in);
	free(out);
	return 0;
}

struct near {
	unsigned asked, found, other, added;
	double us;
};

static void
near_line(struct near *s, taliq_recent *r, char *line)
{
	static const uint8_t key[16] = "bench bench ben";
	taliq_match m[8];
	taliq_fingerprint f;
	char *end;
	unsigned long tag = strtoul(line + 2, &end, 10);
	taliq_text text = { end + 1, strcspn(end + 1, "\n") };
	double t = now_us();
	size_t n;
	bool own = false, other = false;

	if (taliq_fingerprint_make(key, text, &f) != TALIQ_OK)
		return;
	if (line[0] == 'a') {
		taliq_recent_add(r, &f, tag);
		s->added++;
		return;
	}
	n = taliq_recent_find(r, &f, m, 8);
	s->us += now_us() - t;
	for (size_t i = 0; i < n; i++) {
		own |= m[i].tag == tag;
		other |= m[i].tag != tag;
	}
	s->asked++;
	s->found += own;
	s->other += other && !own;
}

static int
near(void)
{
	struct near s = { 0 };
	taliq_recent *r;
	char *line = NULL;
	size_t cap = 0;

	if (taliq_recent_new(RECENT, &r) != TALIQ_OK)
		return 3;
	while (getline(&line, &cap, stdin) > 3)
		near_line(&s, r, line);
	printf("%u known, %u asked: %.1f %% found, %.2f %% found only another, "
	    "%.1f us each\n", s.added, s.asked, 100.0 * s.found / s.asked,
	    100.0 * s.other / s.asked, s.us / s.asked);
	free(line);
	taliq_recent_free(r);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "norm") == 0)
		return norm();
	if (argc == 2 && strcmp(argv[1], "near") == 0)
		return near();
	fprintf(stderr, "usage: lines norm|near <TEXT\n");
	return 2;
}
