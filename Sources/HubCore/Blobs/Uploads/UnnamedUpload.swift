/// A file on its way into a repository in pieces whose digest nobody knows before all of it came: browsers cannot tell it.
///
/// It needs no row: its name says what it is, and its file how far it got. As with ``UploadSession`` nobody continues
/// what another has begun.
package struct UnnamedUpload: Sendable, Hashable {
    let repository: Int64
    let user: Int64
    /// Bytes of the whole file.
    package let size: Int64
    /// What its sender calls it, so that he finds it again.
    let token: String

    /// How far it got.
    package enum State: Sendable, Hashable {
        /// So many bytes are here.
        case arriving(Int64)
        /// All of it is here and belongs to the repository under this name.
        case stored(BlobID)
    }

    /// Bytes of the largest file.
    package static let maximumSize: Int64 = 5 << 40

    /// - Parameter token: 16 to 64 lower-case hexadecimal digits.
    /// - Returns: nil for a token or a size that cannot be.
    package init?(_ token: String, size: Int64, into repository: Repository) {
        let isPlain =
            (16...64).contains(token.utf8.count)
            && token.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isPlain, (0...Self.maximumSize).contains(size) else { return nil }
        self.repository = repository.key
        user = repository.principal.user?.id ?? 0
        self.size = size
        self.token = token
    }

    /// The name of its file; made of digits only.
    var name: String { "\(repository)-\(user)-unnamed-\(size)-\(token)" }
    /// What is set aside for it until all of it came.
    var reservation: String { "unnamed-\(repository)-\(user)-\(size)-\(token)" }
}
