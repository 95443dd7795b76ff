/* taliq.js - comfort for the comment form and the times.  Every page works
 * without it; each part gives up quietly when something is missing. */
(function () {
	"use strict";
	var doc = document, root = doc.documentElement;
	var box = doc.getElementById("reply");
	var form = box && box.querySelector("form");
	var text = form && form.elements.text;

	function part(f) {
		try { f(); } catch (e) { /* the page works without it */ }
	}

	/* "3 hours ago", kept true while the page stays open. */
	function times() {
		var format = new Intl.RelativeTimeFormat(
		    root.lang + "-u-nu-" + (root.dataset.digits || "latn"),
		    { numeric: "auto" });
		var exact = new Intl.RelativeTimeFormat(
		    root.lang + "-u-nu-" + (root.dataset.digits || "latn"));
		var units = [["minute", 60], ["hour", 24], ["day", 30]];
		var all = doc.querySelectorAll(".when time");

		function said(n) {
			if (n < 1)
				return format.format(0, "second");
			for (var i = 0; i < 3; i++) {
				if (n < units[i][1])
					return exact.format(-Math.floor(n),
					    units[i][0]);
				n /= units[i][1];
			}
			return "";
		}
		function refresh() {
			all.forEach(function (t) {
				var words = said((Date.now() -
				    Date.parse(t.dateTime)) / 60000);

				if (!t.title)
					t.title = t.textContent;
				t.textContent = words || t.title;
			});
		}
		refresh();
		setInterval(refresh, 60000);
	}

	/* The Hijri date after an article's own, by the browser's tables. */
	function calendar() {
		var format = root.dataset.calendar && new Intl.DateTimeFormat(
		    root.lang + "-u-ca-" + root.dataset.calendar + "-nu-" +
		    (root.dataset.digits || "latn"), { dateStyle: "long" });

		doc.querySelectorAll("main time").forEach(function (t) {
			var date = doc.createElement("bdi");

			if (!format || t.closest(".comments"))
				return;
			date.textContent = format.format(new Date(t.dateTime));
			t.append(" (", date, ")");
		});
	}

	/* The form goes below the comment that it answers, and back. */
	function replies() {
		var heading = doc.getElementById("reply-title");
		var cancel = box.querySelector(".cancel");
		var home = doc.createComment("form");

		box.before(home);
		function place(after, id, words) {
			after.after(box);
			form.elements.parent.value = id;
			heading.textContent = words;
			cancel.hidden = id === "0";
		}
		doc.addEventListener("click", function (e) {
			var a = e.target.closest("a");

			if (!a || e.ctrlKey || e.metaKey || e.shiftKey)
				return;
			if (a.dataset.reply) {
				e.preventDefault();
				place(a.closest("article"), a.dataset.reply,
				    a.getAttribute("aria-label"));
				text.focus();
			} else if (cancel.contains(a)) {
				e.preventDefault();
				place(home, "0", form.dataset.lead);
				text.focus();
			} else if (a.matches(".parent") &&
			    doc.getElementById(a.hash.slice(1))) {
				e.preventDefault();
				location.hash = a.hash;
			}
		});
	}

	/* What was typed outlives a lost page, in this tab only. */
	function draft() {
		var key = "taliq:" + form.elements.page.value;
		var sent = key + ":sent", typed = false, wait;

		if (sessionStorage.getItem(sent) && /^#comment-/.test(
		    location.hash))
			sessionStorage.removeItem(key);
		sessionStorage.removeItem(sent);
		if (!text.value)
			text.value = sessionStorage.getItem(key) || "";
		text.addEventListener("input", function () {
			typed = true;
			clearTimeout(wait);
			wait = setTimeout(save, 400);
		});
		function save() {
			sessionStorage.setItem(key, text.value);
		}
		form.addEventListener("submit", function () {
			clearTimeout(wait);
			save();
			sessionStorage.setItem(sent, "1");
			typed = false;
		});
		window.addEventListener("beforeunload", function (e) {
			if (typed && text.value.trim())
				e.preventDefault();
		});
	}

	/* How much room is left, once it gets scarce. */
	function counter() {
		var out = form.querySelector(".counter"), max = text.maxLength;

		function count() {
			out.textContent = text.value.length > max * 0.7 ?
			    text.value.length + " / " + max : "";
		}
		if (!out || max < 1)
			return;
		text.addEventListener("input", count);
		count();
	}

	/* A page from a cache gets a token of its own when it is used, and a
	 * new one when that grows old.  The old one vouches that this is not a
	 * program in a hurry. */
	function token() {
		var at = 0;

		form.addEventListener("focusin", function () {
			if (Date.now() - at < 3 * 3600 * 1000)
				return;
			at = Date.now();
			fetch("/comments/token?site=" + encodeURIComponent(
			    form.elements.site.value) + "&page=" +
			    encodeURIComponent(form.elements.page.value) +
			    "&old=" + form.elements.token.value, {
				credentials: "same-origin", cache: "no-store"
			}).then(function (r) {
				return r.ok ? r.json() : null;
			}).then(function (j) {
				if (j && j.token)
					form.elements.token.value = j.token;
			}).catch(function () {});
		});
	}

	/* One press sends once. */
	function once() {
		var busy = false;

		form.addEventListener("submit", function (e) {
			if (busy)
				e.preventDefault();
			busy = true;
			setTimeout(function () { busy = false; }, 8000);
		});
	}

	part(times);
	part(calendar);
	if (text && form.elements.page) {
		part(replies);
		part(draft);
		part(counter);
		part(token);
		part(once);
	} else {
		form = doc.querySelector(".respond form");
		text = form && form.elements.text;
		if (text)
			part(counter);
	}
})();
