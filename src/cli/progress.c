/* The bar of a long command: see progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR 30
#define LINE 60			/* columns, on a terminal that has them */

/* A full line would wrap and could not be taken back. */
void
tq_progress(const struct tq_rows *r, size_t n, bool done)
{
	static const char hashes[] = "##############################";
	int columns = LINE, bar, part;
	struct winsize w;
	char rows[32];

	if (!isatty(STDERR_FILENO) || (n % 256 != 0 && !done) || r->size <= 0)
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 &&
	    w.ws_col <= LINE)
		columns = w.ws_col - 1;
	bar = columns - snprintf(rows, sizeof(rows), " %zu rows", n);
	bar = bar < 0 ? 0 : bar > BAR ? BAR : bar;
	part = r->bytes < r->size ? (int)(bar * r->bytes / r->size) : bar;
	if (done)
		fprintf(stderr, "\r%*s\r", columns, "");
	else
		fprintf(stderr, "\r%.*s%*s%.*s", part, hashes, bar - part, "",
		    columns, rows);
}
