/// Why the reading of a format came to an end before its end.
enum ScanStop: Error, Equatable {
    /// The bytes ended.
    case end
    /// Something is there that the format does not have; to be read after "the file".
    case fault(String)
    /// It asks for more work than is done for one file.
    case limit(String)
}
