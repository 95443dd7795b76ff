# Perl's Net::Akismet: the key is a sub-domain of the host, plain HTTP only.
# usage: net-akismet.pl KEY WRONG_KEY BLOG SPAM HAM
use strict;
use warnings;
use Net::Akismet;

my ($key, $wrong, $blog, $spam, $ham) = @ARGV;

sub comment {
	my ($text) = @_;
	return (USER_IP => '203.0.113.7', COMMENT_USER_AGENT => 'Mozilla/5.0',
	    COMMENT_CONTENT => $text, COMMENT_AUTHOR => 'Nur',
	    COMMENT_AUTHOR_EMAIL => 'nur@example.org');
}

sub say_it {
	my ($name, $what) = @_;
	print $name, ' ', $what // 'undef', "\n";
	return;
}

my $good = Net::Akismet->new(KEY => $key, URL => $blog);
say_it('verify', $good ? 'true' : 'false');
say_it('verify-wrong',
    Net::Akismet->new(KEY => $wrong, URL => $blog) ? 'true' : 'false');
say_it('spam', $good->check(comment($spam)));
say_it('ham', $good->check(comment($ham)));
say_it('submit-spam', $good->spam(comment($spam)));
say_it('submit-ham', $good->ham(comment($ham)));
# It gives no object for a wrong key: one that goes wrong later.
$good->{KEY} = $wrong;
say_it('check-wrong', $good->check(comment($spam)));
