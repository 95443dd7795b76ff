// Results in the Test Anything Protocol.
let count = 0, failed = 0;

export function tell(ok, name, said) {
	count++;
	console.log(`${ok ? "ok" : "not ok"} ${count} - ${name}`);
	if (ok)
		return ok;
	failed++;
	if (said !== undefined)
		console.log("# " + JSON.stringify(said).slice(0, 4000));
	return ok;
}

export function same(got, wanted, name) {
	const a = JSON.stringify(got), b = JSON.stringify(wanted);

	return tell(a === b, name, { got, wanted });
}

export function skipAll(why) {
	console.log(`1..0 # SKIP ${why}`);
	process.exit(0);
}

export function finish() {
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
}
