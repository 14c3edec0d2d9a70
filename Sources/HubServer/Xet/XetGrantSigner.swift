import Crypto
package import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs grants and recognizes its own: the access tokens and links of the content-addressed storage.
package struct XetGrantSigner: Sendable {
    /// Seconds a token is good for; clients renew it a minute earlier, and what has begun goes on beyond it.
    package static let lifetime: Int64 = 900

    private static let prefix = "weirxet1."
    private static let purpose = Array("weir-xet-grant-1:".utf8)

    private let key: SymmetricKey
    private let clock: WallClock

    /// - Parameter key: 32 random bytes, kept on disk so that uploads survive a restart.
    package init(key: [UInt8], clock: WallClock) {
        self.key = SymmetricKey(data: key)
        self.clock = clock
    }

    /// A grant for whom the repository was opened, beginning now.
    func grant(_ operation: XetGrant.Operation, for repository: Repository) -> XetGrant {
        XetGrant(
            operation: operation, repository: repository.id, repositoryKey: repository.key,
            tokenID: repository.principal.token?.id ?? 0, expiry: clock.now() / 1_000 + Self.lifetime)
    }

    /// The token of a grant; fit for a header and, as it is, for a query.
    func token(for grant: XetGrant) -> String {
        let mac = HMAC<SHA256>.authenticationCode(for: Self.purpose + Array(grant.text.utf8), using: key)
        return "\(Self.prefix)\(Hexadecimal.encode(mac)).\(grant.text)"
    }

    /// The grant of a token; nil when it is not ours or has expired.
    func grant(in token: String) -> XetGrant? {
        guard token.utf8.count <= 1_024, token.hasPrefix(Self.prefix) else { return nil }
        let parts = token.dropFirst(Self.prefix.count).split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let mac = BlobID(String(parts[0])).map({ Self.bytes(of: $0) }),
            HMAC<SHA256>.isValidAuthenticationCode(
                mac, authenticating: Self.purpose + Array(parts[1].utf8), using: key),
            let grant = XetGrant(parts[1]), grant.expiry > clock.now() / 1_000
        else { return nil }
        return grant
    }

    private static func bytes(of digest: BlobID) -> [UInt8] {
        let digits = digest.hex.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x61 + 10 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
