/// Tries everything that a stretch of bytes could be.
struct Examination {
    let session: ScanSession
    let fileName: String

    /// Finds out what the bytes are, and notes what is in them.
    func format(of region: ScanRegion) -> String {
        session.note("container", .unknown, "format.unknown", "is of no kind that is known here")
        return "unknown"
    }
}
