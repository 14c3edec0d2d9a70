import Crypto

/// The text of an access token: `weir_` and 178 random bits in base 62 with a checksum, so that a typing error is
/// told from a revoked token and secret scanners can find a leaked one.
package enum AccessToken {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    package static func generate() -> Secret {
        var generator = SystemRandomNumberGenerator()
        let body = (0..<30).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        let random = String(decoding: body, as: UTF8.self)
        return Secret("weir_\(random)\(checksum(random))")
    }

    /// What is stored and compared: SHA-256 in hex. Tokens have full entropy, so no salt or stretching is needed.
    package static func hash(_ token: String) -> String {
        Hexadecimal.encode(SHA256.hash(data: Array(token.utf8)))
    }

    private static func checksum(_ text: String) -> String {
        var value: UInt32 = 2_166_136_261
        for byte in text.utf8 { value = (value ^ UInt32(byte)) &* 16_777_619 }
        var digits: [UInt8] = []
        for _ in 0..<6 {
            digits.append(alphabet[Int(value % 62)])
            value /= 62
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
