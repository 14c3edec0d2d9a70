/// An upstream that may give a blob, with what may be asked of it at once.
struct BlobOrigin: Sendable {
    let upstream: any Upstream
    /// Lower is asked first; equals work together.
    var priority = 100
    /// Connections that the upstream puts up with, for all files together.
    var connections = 16
    /// Ranges of one file that are fetched at the same time.
    var ranges = BlobOrigin.defaultRanges

    /// Ranges of one file where the policy file says nothing.
    static let defaultRanges = 4
}
