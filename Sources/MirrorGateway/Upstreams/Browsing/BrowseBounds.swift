/// How much of an upstream's catalogue is believed: numbers that no honest hub reaches and a lying one stops at.
enum BrowseBounds {
    /// Pages of a list of repositories, from the first.
    static let listPages = 100_000
    /// Entries of one page.
    static let entriesOfPage = 10_000
    /// Requests for the files of one revision.
    static let fileRequests = 20_000
    /// Files of one revision.
    static let files = 1_000_000
    /// Bytes of JSON read for the files of one revision.
    static let fileListing = 512 << 20
    /// Bytes of a file's path.
    static let path = 4_096
    /// Bytes of a cursor.
    static let cursor = 4_096
    static let title = 200
    static let summary = 2_000
    /// Bytes of a tag, a licence, a language, a task.
    static let word = 200
    static let tags = 500
    static let licenses = 32
    static let languages = 200
    static let dtypes = 64
}
