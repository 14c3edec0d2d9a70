import Crypto

/// Somebody's stay on the website after he signed in with his password.
package struct Session: Sendable, Hashable {
    package let id: Int64
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970, to the minute.
    package let lastSeenAt: Int64
    /// Milliseconds since 1970 at which it ends, however busy it is.
    package let expiresAt: Int64
    /// From where it began.
    package let address: String?
    /// What the browser called itself.
    package let client: String?

    /// How long a session lives without a request, in milliseconds: 12 hours.
    package static let idleLimit: Int64 = 12 * 3_600_000
    /// How long a session lives at most, in milliseconds: 30 days.
    package static let lifetime: Int64 = 30 * 86_400_000
    /// How often the time of the last request is written at most, in milliseconds.
    static let seenInterval: Int64 = 60_000
    /// Sessions that one person may have; the oldest ends when another begins.
    static let limit = 50

    /// A new secret of 256 bits, as the cookie carries it.
    static func generate() -> Secret {
        var random = SystemRandomNumberGenerator()
        return Secret(Hexadecimal.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    /// What is stored and compared.
    static func hash(_ text: String) -> String {
        Hexadecimal.encode(SHA256.hash(data: Array("session:\(text)".utf8)))
    }
}
