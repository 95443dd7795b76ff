// Go's adtac/go-akismet: the key is a sub-domain of the host.  It has no call to
// verify a key.
// usage: go-akismet KEY WRONG_KEY BLOG SPAM HAM
package main

import (
	"fmt"
	"os"

	"github.com/adtac/go-akismet/akismet"
)

func comment(text string) *akismet.Comment {
	return &akismet.Comment{
		Blog:           os.Args[3],
		UserIP:         "203.0.113.7",
		UserAgent:      "Mozilla/5.0",
		CommentAuthor:  "Nur",
		CommentContent: text,
	}
}

func say(name string, what interface{}, err error) {
	if err != nil {
		what = "error: " + err.Error()
	}
	fmt.Println(name, what)
}

func main() {
	key, wrong, spam, ham := os.Args[1], os.Args[2], os.Args[4], os.Args[5]
	isSpam, err := akismet.Check(comment(spam), key)
	say("spam", isSpam, err)
	isSpam, err = akismet.Check(comment(ham), key)
	say("ham", isSpam, err)
	say("submit-spam", "done", akismet.SubmitSpam(comment(spam), key))
	say("submit-ham", "done", akismet.SubmitHam(comment(ham), key))
	isSpam, err = akismet.Check(comment(spam), wrong)
	say("check-wrong", isSpam, err)
}
