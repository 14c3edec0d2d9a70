import Testing

@testable import HubCore

@Suite("What signs a webhook's message")
struct WebhookSignatureTests {
    @Test("S60: is the HMAC of time and body, as anybody can compute it")
    func known() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac s3cret
        #expect(
            WebhookDispatcher.signature(of: Array(#"{"a":1}"#.utf8), at: 1_700_000_000, with: Secret("s3cret"))
                == "t=1700000000,v1=1698a50bc74d1ff1db85c4e0a5297c2ad9fdba245d5737cdb789e4cc6e098940")
    }

    @Test("S60: changes with every bit of the body, with the time and with the secret")
    func bits() {
        let body = Array(#"{"event":{"action":"update"}}"#.utf8)
        let secret = Secret("s3cret")
        let good = WebhookDispatcher.signature(of: body, at: 1_700_000_000, with: secret)
        var seen: Set<String> = [good]
        for index in body.indices {
            for bit in 0..<8 {
                var changed = body
                changed[index] ^= 1 << bit
                seen.insert(WebhookDispatcher.signature(of: changed, at: 1_700_000_000, with: secret))
            }
        }
        #expect(seen.count == body.count * 8 + 1)
        #expect(WebhookDispatcher.signature(of: body, at: 1_700_000_001, with: secret) != good)
        #expect(WebhookDispatcher.signature(of: body, at: 1_700_000_000, with: Secret("s3cre")) != good)
        // The time's end and the body's beginning cannot be exchanged: what is signed has a point between them.
        let moved = WebhookDispatcher.signature(of: Array("0".utf8) + body, at: 170_000_000, with: secret)
        #expect(moved.split(separator: ",").last != good.split(separator: ",").last)
    }
}
