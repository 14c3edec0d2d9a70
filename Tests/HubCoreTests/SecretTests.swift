import Testing

@testable import HubCore

@Suite("A secret")
struct SecretTests {
    @Test("S59: shows itself only when it is told to")
    func hides() {
        let secret = Secret("canary")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped] {
            #expect(!text.contains("canary"))
        }
        #expect(secret.reveal() == "canary")
    }
}
