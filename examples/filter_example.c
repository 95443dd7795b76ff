/* filter_example.c - a moderator's desk in sixty lines: reads comments, one a
 * line, says what the filter thinks and why, and learns from the answer.
 *
 *   cc filter_example.c $(pkg-config --cflags --libs taliq_filter)
 *
 * A line that begins with "spam:" or "ham:" is a decision about the text after
 * the colon; any other line is a comment to judge. */
#include <stdio.h>
#include <string.h>

#include <taliq/filter.h>

static taliq_input
comment(const char *text)
{
	taliq_input in = { 0 };

	in.size = sizeof(in);
	in.body.bytes = text;
	in.body.len = strlen(text);
	return in;
}

static void
judge(const taliq_model *m, const char *text)
{
	static const char *const names[] = { "ham", "spam", "unsure" };
	taliq_input in = comment(text);
	taliq_verdict v;
	taliq_status st = taliq_explain(m, &in, &v);

	if (st != TALIQ_OK) {
		printf("%s\n", taliq_status_text(st));
		return;
	}
	printf("%s %.2f\n", names[v.verdict], v.p_spam);
	for (unsigned i = 0; i < v.n_reasons && i < 3; i++)
		printf("  %+.2f %s %s\n", v.reasons[i].weight,
		    v.reasons[i].name, v.reasons[i].detail);
}

static void
decide(taliq_model *m, const char *text, taliq_class c)
{
	taliq_input in = comment(text);
	taliq_status st = taliq_learn(m, &in, c);

	printf("%s\n", st == TALIQ_OK ? "learnt" : taliq_status_text(st));
}

int
main(void)
{
	char line[4096];
	taliq_model *m;

	if (taliq_model_new_seeded(&m) != TALIQ_OK) {
		fprintf(stderr, "no model\n");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, "spam:", 5) == 0)
			decide(m, line + 5, TALIQ_SPAM);
		else if (strncmp(line, "ham:", 4) == 0)
			decide(m, line + 4, TALIQ_HAM);
		else
			judge(m, line);
	}
	taliq_model_free(m);
	return 0;
}
