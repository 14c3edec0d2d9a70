import HubCore
import Testing

@testable import MirrorGateway

@Suite("A URL that may be fetched")
struct EgressURLTests {
    @Test(
        "is taken apart and written again",
        arguments: [
            ("https://huggingface.co", "https://huggingface.co/"),
            ("HTTPS://HuggingFace.CO:443/A/b", "https://huggingface.co/A/b"),
            ("http://h:8080/a?b=c&d=%20", "http://h:8080/a?b=c&d=%20"),
            ("https://h?x=1", "https://h/?x=1"),
            ("https://h/a b/\u{4E2D}|x", "https://h/a%20b/%E4%B8%AD%7Cx"),
            ("https://h/a/./b/../c/..", "https://h/a/"),
            ("https://h/../../x", "https://h/x"),
            ("https://h/a//b", "https://h/a//b"),
            ("http://[::FFFF:127.0.0.1]:81/", "http://[::ffff:127.0.0.1]:81/"),
            ("http://[0:0::1]/", "http://[::1]/"),
            ("http://127.0.0.1/", "http://127.0.0.1/"),
            ("https://a_b.x-y/%2e%2e/z", "https://a_b.x-y/%2e%2e/z"),
        ])
    func parses(text: String, expected: String) throws {
        #expect(try EgressURL(parsing: text).absoluteString == expected)
    }

    @Test(
        "is refused when it is anything else",
        arguments: [
            "", "h", "/etc/passwd", "file:///etc/passwd", "ftp://h/", "gopher://h:70/", "ext::sh -c id", "ssh://h/",
            "https:/h", "https:///x", "https://", "https://:443/", "https://user@h/", "https://user:pw@h/",
            "https://h@evil/", "https://h/#x", "https://h/a\r\nX: y", "https://h\u{0}/", "https://h\\@evil/",
            "https://h:0/", "https://h:65536/", "https://h:+80/", "https://h:80:80/", "https://h:/", "https://h:8x/",
            "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://1.2.3.4.5/",
            "http://127.0.0.0x1/", "http://[::1/", "http://[::1]x/", "http://[fe80::1%25eth0]/", "http://[1.2.3.4]/",
            "http://h..x/", "http://.h/", "http://h./", "http://h%2e/", "http://h h/", "http://\u{2460}.\u{2461}/",
            "http://\u{FF11}27.0.0.1/", "https://" + String(repeating: "a", count: 64) + "/",
            "https://h/" + String(repeating: "a", count: 17_000), " https://h/", "javascript:alert(1)",
        ])
    func refuses(text: String) {
        #expect(throws: HubError.self) { try EgressURL(parsing: text) }
    }

    @Test("keeps its query and user names out of texts for people")
    func hidesSecrets() throws {
        let url = try EgressURL(parsing: "https://h/a?token=canary")
        #expect("\(url)" == "https://h/a")
        #expect(url.pathAndQuery == "/a?token=canary")
        for text in ["https://me:canary@h/", "ftp://h/?token=canary", "https://h/#canary"] {
            do {
                _ = try EgressURL(parsing: text)
                Issue.record("accepted")
            } catch {
                #expect(!error.line.contains("canary"))
            }
        }
    }

    @Test("takes plain text below it, encoded once, and never climbs")
    func appends() throws {
        let base = try EgressURL(parsing: "https://h/api/?q=1")
        #expect(base.appending(path: "models/a b/50%?#x").absoluteString == "https://h/api/models/a%20b/50%25%3F%23x")
        #expect(base.appending(path: "/x/").absoluteString == "https://h/api/x/")
        #expect(base.appending(path: "a/../../../etc").absoluteString == "https://h/api/etc")
        #expect(base.appending(path: "").absoluteString == "https://h/api")
        #expect(base.appending(segments: ["rev", "refs/pr/1"]).absoluteString == "https://h/api/rev/refs%2Fpr%2F1")
        #expect(
            base.appending(query: [("a", "b&c"), ("d", "\u{E9}")]).absoluteString
                == "https://h/api/?q=1&a=b%26c&d=%C3%A9")
        #expect(try EgressURL(parsing: "https://h").appending(path: "").absoluteString == "https://h/")
    }

    @Test(
        "resolves what a Location says",
        arguments: [
            ("https://x/y", "https://x/y"), ("//x/y", "https://x/y"), ("/y?z", "https://h/y?z"), ("y", "https://h/a/y"),
            ("../y", "https://h/y"), ("?z", "https://h/a/b?z"), ("#f", "https://h/a/b?q"), ("/y#f", "https://h/y"),
            ("y:z", nil), ("javascript:0", nil), ("https://u@x/", nil), ("/a\r\nb", nil), ("file:///x", nil),
        ] as [(String, String?)])
    func resolves(location: String, expected: String?) throws {
        let url = try EgressURL(parsing: "https://h/a/b?q")
        #expect((try? url.resolving(location: location))?.absoluteString == expected)
    }
}
