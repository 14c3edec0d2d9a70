import Crypto
package import HubCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs the links a batch hands out, so that a client can follow them without sending its credentials again.
///
/// A link is bound to one operation, one repository, one object, one caller and a time (S55): fields go into the MAC with their lengths,
/// so no two sets of fields share an input. The caller is looked up again when the link is used (S5).
package struct LFSLinkSigner: Sendable {
    /// Seconds a link is good for; a transfer that has begun goes on beyond it.
    package static let lifetime: Int64 = 1_800
    /// The same for links that upload.
    package static let uploadLifetime: Int64 = 86_400

    private let key: SymmetricKey
    /// The key, taken in already: a batch signs thousands of links with it.
    private let keyed: HMAC<SHA256>
    private let clock: WallClock

    /// - Parameter key: 32 random bytes, kept on disk so that links survive a restart.
    package init(key: [UInt8], clock: WallClock) {
        self.key = SymmetricKey(data: key)
        keyed = HMAC<SHA256>(key: self.key)
        self.clock = clock
    }

    /// The query of a link to download an object, without the question mark.
    func query(for blob: BlobID, in repository: Repository) -> String {
        query(for: LFSLink(.download, blob), in: repository)
    }

    /// The query of a link, without the question mark.
    func query(for link: LFSLink, in repository: Repository) -> String {
        let expiry = clock.now() / 1_000 + link.lifetime
        let token = repository.principal.token?.id ?? 0
        let input = Self.input(link, repository.key, token, expiry)
        var signing = keyed
        signing.update(data: input)
        let mac = signing.finalize().withUnsafeBytes { Hexadecimal.encode($0) }
        return "\(link.parameters)token=\(token)&expires=\(expiry)&signature=\(mac)"
    }

    /// The token id of the caller a link was made for (0 for nobody); nil when it is not ours or has expired.
    func caller(of request: HubRequest, link: LFSLink, repositoryKey: Int64) -> Int64? {
        guard let token = request.query.first("token").flatMap({ Int64($0) }),
            let expiry = request.query.first("expires").flatMap({ Int64($0) }), expiry > clock.now() / 1_000,
            let signature = request.query.first("signature"), let bytes = Self.bytes(signature)
        else { return nil }
        let input = Self.input(link, repositoryKey, token, expiry)
        return HMAC<SHA256>.isValidAuthenticationCode(bytes, authenticating: input, using: key) ? token : nil
    }

    /// Whether a request carries a link's query at all.
    static func isLink(_ request: HubRequest) -> Bool { request.query.first("signature") != nil }

    /// Each field with its length, so that no two sets of fields share an input (S55).
    static func input(_ link: LFSLink, _ repository: Int64, _ token: Int64, _ expiry: Int64) -> [UInt8] {
        var input: [UInt8] = []
        input.reserveCapacity(192)
        for field in ["weir-lfs-link-2"] + link.fields + [String(repository), String(token), String(expiry)] {
            input.append(contentsOf: String(field.utf8.count).utf8)
            input.append(UInt8(ascii: ":"))
            input.append(contentsOf: field.utf8)
            input.append(UInt8(ascii: ","))
        }
        return input
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        guard hex.utf8.count == 64 else { return nil }
        return BlobID(hex).map { id in
            stride(from: 0, to: 64, by: 2).compactMap { offset in
                let start = id.hex.index(id.hex.startIndex, offsetBy: offset)
                return UInt8(id.hex[start..<id.hex.index(start, offsetBy: 2)], radix: 16)
            }
        }
    }
}
