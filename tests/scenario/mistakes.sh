#!/bin/sh
# Mistakes bring the form back: filled, with a message at each field in the
# language of the page.  Nothing typed is lost.
. "$(dirname "$0")/lib.sh"
make_data
site en text_max=100 name_required=yes email_required=yes
serve
tokens 4 /one
HOST=en.test
tokens 4 /one
settle

long=$(printf '%0105d' 0)
comment /one name=' ' email='not an address' url='javascript:alert(1)' \
    text="$long"
is 'a form with mistakes is answered by 422' "$status" 422
is 'each has its message, in English' "$(page errors)" \
    'Please look at 4 fields below.
Please fill in this field.
Please enter a valid e-mail address.
Please enter a web address, such as https://example.org.
Too long by 5 characters.'
is 'the name is still there' "$(page value name)" ' '
is 'the e-mail address' "$(page value email)" 'not an address'
is 'the website' "$(page value url)" 'javascript:alert(1)'
is 'the text' "$(page value text)" "$long"
has 'the page says where they are' "$T/body" '<a href="#f-email">'
has 'fields tell screen readers' "$T/body" \
    'aria-invalid="true" aria-describedby="e-name"'
has 'robots leave it alone' "$T/body" '<meta name="robots" content="noindex">'
has 'no cache may keep it' "$T/head" 'Cache-Control: private, no-store'
is 'nothing is stored' "$(sql 'SELECT count(*) FROM comment')" 0
lacks 'no cookie is set' "$T/head" 'Set-Cookie'

again=$(page value token)
send /comments page=/one token="$again" name=Ann email=ann@example.org \
    text='Mended, sent at once'
is 'the mended form goes through at once, without waiting' "$status" 303

comment /one name=Ann text='no address'
is 'a required address that is missing' "$(page errors | tail -n 1)" \
    'Please fill in this field.'
evil='"><script>alert(1)</script>&amp;</textarea><b>'
comment /one name="$evil" email="$evil" url="$evil" text="</textarea>$evil
  two  lines "
is 'what comes back comes back as typed: name' "$(page value name)" "$evil"
is 'e-mail' "$(page value email)" "$evil"
is 'website' "$(page value url)" "$evil"
is 'text, lines and blanks' "$(page value text)" "</textarea>$evil
  two  lines "
lacks 'never as markup' "$T/body" '<script>alert'
lacks 'nor an end of the field' "$T/body" '</textarea>"'
comment /one name=Ann email=a@b.example text='

starts with empty lines'
is 'a text that begins with line ends' "$status" 303

HOST=ar.test
fields_one='Please look at {n} field below.'
fields='Please look at {n} fields below.'
long_one='Too long by {n} character.' long='Too long by {n} characters.'
comment /one name='' text=''
is 'each has its message, in Arabic' "$(page errors)" \
    "$(said ar "$fields_one" "$fields" 2)
$(said ar 'Please fill in this field.')
$(said ar 'Please fill in this field.')"
comment /one name=سلمى email=@ text="نص"
is 'in the singular, too' "$(page errors)" \
    "$(said ar "$fields_one" "$fields" 1)
$(said ar 'Please enter a valid e-mail address.')"
is 'an Arabic name comes back' "$(page value name)" سلمى
comment /one name="$(printf '%081d' 0)" text="$(printf '%05003d' 0)"
is 'a name and a text that are too long' "$(page errors | tail -n 2)" \
    "$(said ar "$long_one" "$long" 1)
$(said ar "$long_one" "$long" 3)"
comment /one name=A text='> *  *
>
> <!-- -->'
is 'a text of marks only is a text' "$status" 303
finish
