/* The visible text of a comment on one line, for feeds' titles and previews. */
#include "text/markup.h"

#include "text/markup_parse.h"
#include "text/utf8.h"

static int
block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct tq_buf *b = user;

	(void)type;
	(void)detail;
	tq_buf_byte(b, ' ');
	return tq_buf_ok(b) ? 0 : -1;
}

static int
span(MD_SPANTYPE type, void *detail, void *user)
{
	(void)type;
	(void)detail;
	(void)user;
	return 0;
}

static int
text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *user)
{
	struct tq_buf *b = user;

	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		tq_buf_byte(b, ' ');
	else if (type == MD_TEXT_NULLCHAR)
		tq_buf_lit(b, "\xEF\xBF\xBD");
	else
		tq_buf_put(b, (tq_str){ p, n });
	return tq_buf_ok(b) ? 0 : -1;
}

tq_str
tq_markup_plain(struct tq_arena *a, tq_str source, size_t max)
{
	static const MD_PARSER parser = {
		.flags = TQ_MARKUP_COMMENT_FLAGS,
		.enter_block = block, .leave_block = block,
		.enter_span = span, .leave_span = span, .text = text,
	};
	size_t at = 0, keep = 0;
	struct tq_buf b;
	tq_str line;

	source = tq_str_sub(source, 0, TQ_MARKUP_COMMENT_MAX);
	tq_buf_init(&b, a, source.n + 16);
	if (tq_markup_parse(source, &parser, &b) != 0)
		return (tq_str){ NULL, 0 };
	line = tq_text_clean_line(a, tq_buf_str(&b));
	for (size_t n = 0; n < max && at < line.n; n++) {
		keep = at;
		(void)tq_utf8_next(line, &at);
	}
	if (at >= line.n)
		return line;
	tq_buf_init(&b, a, keep + 3);
	tq_buf_put(&b, tq_str_trim(tq_str_sub(line, 0, keep)));
	if (max > 0)
		tq_buf_lit(&b, "\xE2\x80\xA6");
	return tq_buf_str(&b);
}
