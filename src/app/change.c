/* Changes: the bridge between the use cases and the writer thread. */
#include "app/change.h"

#include "app/app.h"

static enum tq_code
run(struct tq_job *j, struct tq_store *s, struct tq_err *e)
{
	struct tq_change *c = (struct tq_change *)j;

	return c->apply(c, s, e);
}

static void
done(struct tq_job *j, const struct tq_err *e)
{
	struct tq_change *c = (struct tq_change *)j;
	const struct tq_bell *bell = &c->app->bell;

	if (e->code == TQ_OK && c->page_id != 0 && bell->page != NULL)
		bell->page(bell->ctx, c->page_id, c->site_id, c->path);
	if (e->code == TQ_OK && c->text_of != 0 && bell->text != NULL)
		bell->text(bell->ctx, c->text_of);
	if (c->finished != NULL)
		c->finished(c, e);
}

static void
prepare(struct tq_change *c, struct tq_app *app)
{
	c->job = (struct tq_job){ .run = run, .done = done };
	c->app = app;
	c->page_id = c->text_of = 0;
}

enum tq_code
tq_change_start(struct tq_change *c, struct tq_app *app, struct tq_err *e)
{
	prepare(c, app);
	return tq_writer_submit(app->writer, &c->job, e);
}

enum tq_code
tq_change_run(struct tq_change *c, struct tq_app *app, struct tq_err *e)
{
	prepare(c, app);
	return tq_writer_run(app->writer, &c->job, e);
}
