import Crypto

/// A file of a revision with its SHA-256.
package struct FileDigest: Sendable, Hashable {
    package let path: String
    /// Bytes.
    package let size: Int64
    /// 64 hexadecimal digits, of the content that clients get.
    package let sha256: String
    /// The git blob: the content, or the pointer to it.
    package let object: ObjectID
    package let isLarge: Bool
    package let isSymlink: Bool

    package init(
        path: String, size: Int64, sha256: String, object: ObjectID, isLarge: Bool, isSymlink: Bool = false
    ) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.object = object
        self.isLarge = isLarge
        self.isSymlink = isSymlink
    }

    /// The SHA-256 of content, in hexadecimal digits.
    package static func sha256(of bytes: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(data: bytes)) }
}
