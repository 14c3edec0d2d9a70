import Crypto
import HTTPTypes
import HubCore

/// The token by which a form proves that it came from a page which this hub gave to this session (S39).
///
/// It is another text each time: compression would otherwise let a page's length tell of it.
struct FormGuard {
    private let key: SymmetricKey
    private let randomness: WebRandomness
    private static let size = 32

    init(_ key: SymmetricKey, _ randomness: WebRandomness = .system) {
        self.key = key
        self.randomness = randomness
    }

    func token(for request: HubRequest) -> String {
        let mask = randomness.bytes(Self.size)
        let masked = zip(mask, proof(request)).map { $0 ^ $1 }
        return Hexadecimal.encode(mask + masked)
    }

    /// - Throws: `.forbidden` for no token, or one of another session.
    func require(_ token: String?, for request: HubRequest) throws {
        let bytes = token.flatMap { Hexadecimal.decode($0) } ?? []
        guard bytes.count == 2 * Self.size else { throw Self.refusal }
        let difference = (0..<Self.size).reduce(UInt8(0)) { difference, index in
            difference | (bytes[index] ^ bytes[Self.size + index] ^ proof(request)[index])
        }
        guard difference == 0 else { throw Self.refusal }
    }

    private func proof(_ request: HubRequest) -> [UInt8] {
        let session = SessionCookie.read(request) ?? "nobody"
        return Array(HMAC<SHA256>.authenticationCode(for: Array("form:\(session)".utf8), using: key))
    }

    private static let refusal = HubError(
        .forbidden, "This form is not from a page of yours, or the page is too old.",
        remedy: "Load the page again and send the form once more.")
}
