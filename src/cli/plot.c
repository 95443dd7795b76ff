/* Three small panels of SVG, no script, no style sheet.  Each panel is 240
 * wide; curves have at most STEPS points. */
#include "cli/plot.h"

#include <math.h>
#include <stdlib.h>

#include "text/escape.h"

#define SIZE 240
#define STEPS 400

static void
panel(struct tq_buf *b, int left, const char *title, const char *x,
    const char *y)
{
	tq_buf_printf(b, "<g transform=\"translate(%d,40)\">"
	    "<rect width=\"%d\" height=\"%d\" fill=\"none\" "
	    "stroke=\"#888\"/><text x=\"%d\" y=\"-8\" "
	    "text-anchor=\"middle\">%s</text><text x=\"%d\" y=\"%d\" "
	    "text-anchor=\"middle\">%s</text><text transform=\"translate("
	    "-8,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n", left,
	    SIZE, SIZE, SIZE / 2, title, SIZE / 2, SIZE + 18, x, SIZE / 2, y);
}

static void
point(struct tq_buf *b, double x, double y)
{
	tq_buf_printf(b, "%.1f,%.1f ", SIZE * x, SIZE * (1 - y));
}

static void
open_curve(struct tq_buf *b)
{
	tq_buf_lit(b, "<polyline fill=\"none\" stroke=\"#0b5\" "
	    "stroke-width=\"1.5\" points=\"");
}

static void
close_curve(struct tq_buf *b)
{
	tq_buf_lit(b, "\"/></g>\n");
}

/* 0.01 % to 100 % of ham, logarithmic. */
static double
log_share(double share)
{
	return share <= 1e-4 ? 0 : 1 + log10(share) / 4;
}

static bool
roc(struct tq_buf *b, const struct tq_judged *v, size_t n)
{
	size_t *at = tq_metrics_order(v, n);
	double spam = 0, ham = 0, s = 0, h = 0, last_x = 0, last_y = 0;

	if (at == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		spam += v[i].spam;
		ham += !v[i].spam;
	}
	panel(b, 30, "ROC", "good comments above, 0.01 to 100 %",
	    "spam caught");
	open_curve(b);
	point(b, 0, 0);
	for (size_t i = 0; i < n && spam > 0 && ham > 0;) {
		double x, y, logit = v[at[i]].logit;

		/* No threshold stands inside a tie. */
		for (; i < n && v[at[i]].logit == logit; i++) {
			s += v[at[i]].spam;
			h += !v[at[i]].spam;
		}
		x = log_share(h / ham);
		y = s / spam;
		if (i < n && fabs(x - last_x) + fabs(y - last_y) < 1.0 / STEPS)
			continue;
		point(b, x, y);
		last_x = x;
		last_y = y;
	}
	close_curve(b);
	free(at);
	return true;
}

static void
reliability(struct tq_buf *b, const struct tq_judged *v, size_t n)
{
	struct tq_bin bins[TQ_BINS];

	tq_metrics_bins(v, n, bins);
	panel(b, 310, "Calibration", "probability said", "share of spam");
	tq_buf_printf(b, "<path d=\"M0 %d L%d 0\" stroke=\"#ccc\"/>", SIZE,
	    SIZE);
	for (unsigned k = 0; k < TQ_BINS; k++)
		if (bins[k].n > 0)
			tq_buf_printf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" "
			    "r=\"%.1f\" fill=\"#0b5\"/>", SIZE * bins[k].p,
			    SIZE * (1 - bins[k].spam), 2 +
			    log10((double)bins[k].n));
	open_curve(b);
	for (unsigned k = 0; k < TQ_BINS; k++)
		if (bins[k].n > 0)
			point(b, bins[k].p, bins[k].spam);
	close_curve(b);
}

/* Share of errors in a window that grows with what was seen; 25 % is high. */
static void
learning(struct tq_buf *b, const struct tq_judged *v, size_t n)
{
	double rate = 0.25;

	panel(b, 590, "Learning", "comments learnt, logarithmic",
	    "errors, 0 to 25 %");
	open_curve(b);
	for (size_t i = 0, next = 1; i < n; i++) {
		bool wrong = tq_metrics_says_spam(&v[i]) != v[i].spam;
		double keep = i < 100 ? (double)i / ((double)i + 1) : 0.99;

		rate = i == 0 ? wrong : keep * rate + (1 - keep) * wrong;
		if (i + 1 < next)
			continue;
		next += next / 50 + 1;
		point(b, log((double)(i + 1)) / log((double)n + 1),
		    rate > 0.25 ? 1 : rate / 0.25);
	}
	close_curve(b);
}

bool
tq_plot_svg(struct tq_buf *b, tq_str title, const struct tq_judged *v,
    size_t n)
{
	tq_buf_lit(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "width=\"860\" height=\"320\" font-family=\"sans-serif\" "
	    "font-size=\"12\"><rect width=\"860\" height=\"320\" "
	    "fill=\"#fff\"/>\n<text x=\"30\" y=\"18\">");
	tq_esc_xml(b, title);
	tq_buf_lit(b, "</text>\n");
	if (!roc(b, v, n))
		return false;
	reliability(b, v, n);
	learning(b, v, n);
	tq_buf_lit(b, "</svg>\n");
	return true;
}
