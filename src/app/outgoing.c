/* libcurl, tamed: see outgoing.h. */
#include "app/outgoing.h"

#include <curl/curl.h>

#define ANSWER_MAX 65536	/* bytes that are read and thrown away */

struct call { const atomic_bool *stop; size_t read; };

static int
may_go_on(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct call *call = ctx;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return atomic_load(call->stop);
}

static size_t
drop(char *p, size_t size, size_t n, void *ctx)
{
	struct call *call = ctx;

	(void)p;
	call->read += size * n;
	return call->read <= ANSWER_MAX ? size * n : 0;
}

static CURLcode
prepare(CURL *c, const char *url, struct curl_slist *headers, tq_str body,
    struct call *call)
{
	const struct { CURLoption option; long value; } numbers[] = {
		{ CURLOPT_POST, 1 }, { CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_POSTFIELDSIZE, (long)body.n },
		{ CURLOPT_TIMEOUT, TQ_OUTGOING_SECONDS },
		{ CURLOPT_CONNECTTIMEOUT, 5 }, { CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_SSL_VERIFYPEER, 1 }, { CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_NOPROGRESS, 0 },
	};
	CURLcode code = curl_easy_setopt(c, CURLOPT_URL, url);

	for (size_t i = 0; code == CURLE_OK &&
	    i < sizeof(numbers) / sizeof(*numbers); i++)
		code = curl_easy_setopt(c, numbers[i].option,
		    numbers[i].value);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
		    "http,https");
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_PROXY, "");
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_USERAGENT, "taliq");
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.p);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_WRITEDATA, call);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION,
		    may_go_on);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_XFERINFODATA, call);
	return code;
}

enum tq_code
tq_outgoing_post(const char *url, const char *header, tq_str body,
    const atomic_bool *stop, long *status, struct tq_err *e)
{
	struct call call = { .stop = stop };
	struct curl_slist *headers = curl_slist_append(NULL, header);
	CURL *c = curl_easy_init();
	CURLcode code = c != NULL && headers != NULL ?
	    prepare(c, url, headers, body, &call) : CURLE_OUT_OF_MEMORY;

	*status = 0;
	if (code == CURLE_OK)
		code = curl_easy_perform(c);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, status);
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return tq_fail(e, TQ_EIO, "%s", curl_easy_strerror(code));
	if (*status < 200 || *status > 299)
		return tq_fail(e, TQ_EIO, "status %ld", *status);
	return TQ_OK;
}
