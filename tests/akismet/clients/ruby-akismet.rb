# Ruby's akismet: the key is a sub-domain of the host, kept connections.
# usage: ruby-akismet.rb KEY WRONG_KEY BLOG SPAM HAM
require 'akismet'

key, wrong, blog, spam, ham = ARGV
WHO = ['203.0.113.7', 'Mozilla/5.0'].freeze

def about(text)
  { text: text, author: 'Nur', author_email: 'nur@example.org',
    languages: %w[en ar], env: { HTTP_ACCEPT: '*/*' } }
end

def say(name, what)
  puts "#{name} #{what.nil? ? 'done' : what.inspect}"
end

good = Akismet::Client.new(key, blog)
bad = Akismet::Client.new(wrong, blog)
say 'verify', good.verify_key
say 'verify-wrong', bad.verify_key
good.open do
  say 'spam', good.spam?(*WHO, about(spam))
  say 'ham', good.spam?(*WHO, about(ham))
  say 'discard', good.check(*WHO, test: true, test_discard: true)
end
say 'submit-spam', good.spam(*WHO, about(spam))
say 'submit-ham', good.ham(*WHO, about(ham))
begin
  say 'check-wrong', bad.check(*WHO, about(spam))
rescue Akismet::Error => e
  say 'check-wrong', e.class.name
end
