/// A file that somebody is about to upload, before its bytes are sent.
package struct UploadCandidate: Sendable {
    package let path: GitPath
    /// Bytes of the whole file.
    package let size: Int64
    /// How the file begins; may be empty.
    package let sample: [UInt8]

    package init(path: GitPath, size: Int64, sample: [UInt8]) {
        self.path = path
        self.size = size
        self.sample = sample
    }
}

/// How a file is to be uploaded.
package struct UploadPlan: Sendable, Hashable {
    /// Whether it goes to the blob store, with a pointer in git.
    package let isLarge: Bool
    /// Whether the repository's `.gitignore` keeps it out.
    package let isIgnored: Bool
    /// What the path holds now: SHA-256 of a large file, the git blob's id of any other.
    package let present: String?
}

/// Tells text from everything else by how a file begins.
enum TextSample {
    /// Whether git would rather not keep such a file: a NUL byte, or bytes that are no text in UTF-8 with more than a
    /// tenth of control characters among them.
    static func isBinary(_ sample: [UInt8]) -> Bool {
        if sample.contains(0) { return true }
        // The end of the sample may cut a character in two.
        let isText = (0...min(3, sample.count)).contains { cut in
            String(validating: sample.dropLast(cut), as: UTF8.self) != nil
        }
        guard !isText else { return false }
        let controls = sample.count {
            $0 < 0x07 || (0x0E...0x1A).contains($0) || (0x1C...0x1F).contains($0) || $0 == 0x7F
        }
        return controls * 10 > sample.count
    }
}
