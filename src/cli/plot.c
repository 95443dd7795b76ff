/* Three panels of SVG, no script, no style sheet.  Each panel is SIZE wide and
 * high, with its ticks around it; curves have at most STEPS points.  What there
 * is nothing to draw from says so in its panel. */
#include "cli/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/direction.h"
#include "text/escape.h"

#define SIZE 240
#define STEPS 400
#define WIDTH 950
#define HEIGHT 366
#define NAME_MOST 100	/* characters of a title that fit */
#define QUARTERS 4

/* --- a panel -------------------------------------------------------------- */

static void
panel(struct tq_buf *b, int left, const char *title, const char *x,
    const char *y)
{
	tq_buf_printf(b, "<g transform=\"translate(%d,78)\">"
	    "<text x=\"%d\" y=\"-10\" text-anchor=\"middle\" "
	    "font-size=\"13\">%s</text><text x=\"%d\" y=\"%d\" "
	    "text-anchor=\"middle\">%s</text><text transform=\"translate("
	    "-40,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n", left,
	    SIZE / 2, title, SIZE / 2, SIZE + 36, x, SIZE / 2, y);
}

static void
end_panel(struct tq_buf *b)
{
	tq_buf_printf(b, "<rect width=\"%d\" height=\"%d\" fill=\"none\" "
	    "stroke=\"#888\"/></g>\n", SIZE, SIZE);
}

/* at is from 0 to 1 along the axis. */
static void
tick_x(struct tq_buf *b, double at, double value)
{
	tq_buf_printf(b, "<path d=\"M%.1f 0V%d\" stroke=\"#ddd\"/>"
	    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.9g</text>\n",
	    SIZE * at, SIZE + 4, SIZE * at, SIZE + 17, value);
}

static void
tick_y(struct tq_buf *b, double at, double value)
{
	tq_buf_printf(b, "<path d=\"M-4 %.1fH%d\" stroke=\"#ddd\"/>"
	    "<text x=\"-7\" y=\"%.1f\" text-anchor=\"end\">%.9g</text>\n",
	    SIZE * (1 - at), SIZE, SIZE * (1 - at) + 4, value);
}

/* From 0 to most in quarters. */
static void
quarters(struct tq_buf *b, void (*tick)(struct tq_buf *, double, double),
    double most)
{
	for (int k = 0; k <= QUARTERS; k++)
		tick(b, (double)k / QUARTERS, most * k / QUARTERS);
}

static void
note(struct tq_buf *b, const char *text)
{
	tq_buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" "
	    "fill=\"#555\" stroke=\"#fff\" stroke-width=\"6\" "
	    "paint-order=\"stroke\">%s</text>\n", SIZE / 2, SIZE / 2, text);
}

/* In the corner that curves seldom cross; line 0 is the lowest. */
static void
legend(struct tq_buf *b, int line, const char *text)
{
	tq_buf_printf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" "
	    "font-size=\"11\" fill=\"#555\">%s</text>\n", SIZE - 6,
	    SIZE - 8 - 14 * line, text);
}

static void
point(struct tq_buf *b, double x, double y)
{
	tq_buf_printf(b, "%.1f,%.1f ", SIZE * x, SIZE * (1 - y));
}

static void
open_curve(struct tq_buf *b)
{
	tq_buf_lit(b, "<polyline fill=\"none\" stroke=\"#084\" "
	    "stroke-width=\"1.5\" points=\"");
}

static void
close_curve(struct tq_buf *b)
{
	tq_buf_lit(b, "\"/>\n");
}

/* --- ROC ------------------------------------------------------------------ */

/* 0.01 % to 100 % of ham, logarithmic. */
static double
log_share(double share)
{
	return share <= 1e-4 ? 0 : 1 + log10(share) / 4;
}

static void
roc_curve(struct tq_buf *b, const struct tq_judged *v, const size_t *at,
    const struct tq_metrics *m)
{
	double s = 0, h = 0, last_x = 0, last_y = 0;

	open_curve(b);
	point(b, 0, 0);
	for (size_t i = 0; i < m->n;) {
		double x, y, logit = v[at[i]].logit;

		/* No threshold stands inside a tie. */
		for (; i < m->n && v[at[i]].logit == logit; i++) {
			s += v[at[i]].spam;
			h += !v[at[i]].spam;
		}
		x = log_share(h / (double)m->ham);
		y = s / (double)m->spam;
		if (i < m->n &&
		    fabs(x - last_x) + fabs(y - last_y) < 1.0 / STEPS)
			continue;
		point(b, x, y);
		last_x = x;
		last_y = y;
	}
	close_curve(b);
}

static bool
roc(struct tq_buf *b, const struct tq_judged *v, const struct tq_metrics *m)
{
	size_t *at = tq_metrics_order(v, m->n);
	char area[48];

	if (at == NULL)
		return false;
	panel(b, 60, "ROC", "good comments above the border, %",
	    "spam above it, %");
	for (int k = -2; k <= 2; k++)
		tick_x(b, (k + 2) / 4.0, pow(10, k));
	quarters(b, tick_y, 100);
	if (m->spam > 0 && m->ham > 0) {
		roc_curve(b, v, at, m);
		(void)snprintf(area, sizeof(area), "1-AUC %.3g %%",
		    m->one_minus_auc_pct);
		legend(b, 0, area);
	} else {
		note(b, m->n == 0 ? "no comments" : m->spam == 0 ? "no spam" :
		    "no good comments");
	}
	end_panel(b);
	free(at);
	return true;
}

/* --- calibration ---------------------------------------------------------- */

static void
reliability(struct tq_buf *b, const struct tq_judged *v, size_t n)
{
	struct tq_bin bins[TQ_BINS];

	tq_metrics_bins(v, n, bins);
	panel(b, 370, "Calibration", "probability said", "share of spam");
	quarters(b, tick_x, 1);
	quarters(b, tick_y, 1);
	tq_buf_printf(b, "<path d=\"M0 %d L%d 0\" stroke=\"#888\" "
	    "stroke-dasharray=\"4\"/>\n", SIZE, SIZE);
	for (unsigned k = 0; k < TQ_BINS; k++)
		if (bins[k].n > 0)
			tq_buf_printf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" "
			    "r=\"%.1f\" fill=\"#084\"/>", SIZE * bins[k].p,
			    SIZE * (1 - bins[k].spam), 2 +
			    log10((double)bins[k].n));
	open_curve(b);
	for (unsigned k = 0; k < TQ_BINS; k++)
		if (bins[k].n > 0)
			point(b, bins[k].p, bins[k].spam);
	close_curve(b);
	if (n > 0) {
		legend(b, 1, "larger dot: more comments");
		legend(b, 0, "dashed: as it should be");
	} else {
		note(b, "no comments");
	}
	end_panel(b);
}

/* --- errors in order ------------------------------------------------------ */

/* Share of errors among the first comments, from the hundredth on among about
 * the last hundred. */
static double
next_rate(const struct tq_judged *v, size_t i, double rate)
{
	bool wrong = tq_metrics_says_spam(&v[i]) != v[i].spam;
	double keep = i < 100 ? (double)i / ((double)i + 1) : 0.99;

	return keep * rate + (1 - keep) * wrong;
}

/* The end of an axis whose quarters are easy to read. */
static double
round_up(double percent)
{
	static const double ends[] = { 1, 2, 4, 8, 20, 40, 60, 80 };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (percent <= ends[i])
			return ends[i];
	return 100;
}

static void
ticks_of_count(struct tq_buf *b, double first, double n)
{
	for (double k = first; k < n; k *= 10)
		if (log(k / first) / log(n / first) < 0.8)
			tick_x(b, log(k / first) / log(n / first), k);
	tick_x(b, 1, n);
}

/* From the tenth comment on, for the share of errors in fewer is only noise; all
 * when there are few. */
static void
errors(struct tq_buf *b, const struct tq_judged *v, size_t n)
{
	size_t first = n >= 100 ? 10 : 1, next = first;
	double rate = 0, most = 0, end;

	for (size_t i = 0; i < n; i++) {
		rate = next_rate(v, i, rate);
		most = i + 1 >= first && rate > most ? rate : most;
	}
	end = round_up(100 * most);
	panel(b, 680, "Errors in file order", "comments so far, logarithmic",
	    "errors, %");
	quarters(b, tick_y, end);
	if (n < 2) {
		note(b, n == 0 ? "no comments" : "one comment");
		end_panel(b);
		return;
	}
	ticks_of_count(b, (double)first, (double)n);
	open_curve(b);
	rate = 0;
	for (size_t i = 0; i < n; i++) {
		rate = next_rate(v, i, rate);
		if (i + 1 < next && i + 1 < n)
			continue;
		next += next / 50 + 1;
		point(b, log((double)(i + 1) / (double)first) /
		    log((double)n / (double)first), 100 * rate / end);
	}
	close_curve(b);
	tq_buf_printf(b, "<text x=\"%d\" y=\"16\" text-anchor=\"end\" "
	    "font-size=\"11\" fill=\"#555\">mean of the last 100</text>\n",
	    SIZE - 6);
	end_panel(b);
}

/* --- the picture ---------------------------------------------------------- */

/* A name that runs from right to left is an isolate of that direction, so that
 * its digits and dots stand where they belong. */
static void
put_title(struct tq_buf *b, tq_str title)
{
	bool rtl = tq_text_direction(title, TQ_LTR) == TQ_RTL;
	size_t end = 0, characters = 0;

	while (end < title.n && characters < NAME_MOST) {
		end++;
		while (end < title.n &&
		    ((unsigned char)title.p[end] & 0xC0) == 0x80)
			end++;
		characters++;
	}
	tq_buf_lit(b, "<text x=\"20\" y=\"22\" font-size=\"15\">");
	if (rtl)
		tq_buf_lit(b, "\xE2\x81\xA7");	/* U+2067 */
	tq_esc_xml(b, tq_str_sub(title, 0, end));
	if (end < title.n)
		tq_buf_lit(b, "...");
	if (rtl)
		tq_buf_lit(b, "\xE2\x81\xA9");	/* U+2069 */
	tq_buf_lit(b, "</text>\n");
}

bool
tq_plot_svg(struct tq_buf *b, tq_str title, const struct tq_judged *v,
    const struct tq_metrics *m)
{
	tq_buf_printf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
	    "font-size=\"12\"><rect width=\"%d\" height=\"%d\" "
	    "fill=\"#fff\"/>\n", WIDTH, HEIGHT, WIDTH, HEIGHT);
	put_title(b, title);
	tq_buf_printf(b, "<text x=\"20\" y=\"42\" fill=\"#555\">%zu comments: "
	    "%zu spam, %zu good", m->n, m->spam, m->ham);
	if (m->n > 0)
		tq_buf_printf(b, "; %.3g %% on the wrong side of 0.5",
		    m->err_pct);
	tq_buf_lit(b, "</text>\n");
	if (!roc(b, v, m))
		return false;
	reliability(b, v, m->n);
	errors(b, v, m->n);
	tq_buf_lit(b, "</svg>\n");
	return true;
}
