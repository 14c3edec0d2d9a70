/// What the headers of a remote repository's model files say.
package struct ProbedHeaders: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable {
        case safetensors
        case gguf
    }

    package var format: Format?
    /// Elements of all tensors.
    package var parameters: Int64?
    /// Elements by type, such as `BF16`.
    package var parametersByType: [String: Int64] = [:]
    /// Whether the counts stand for more files than were read: then they are good to a few percent.
    package var isEstimate = false
    /// As the file or the card writes it.
    package var license: String?
    package var architecture: String?
    /// Names of the files whose headers were read.
    package var files: [String] = []
    /// Bytes of bodies that were read for all this.
    package var bytesRead: Int64 = 0
    /// What could not be read, or was not believed, for people.
    package var remarks: [String] = []

    package init() {}

    /// Types of the tensors, most elements first.
    package var dtypes: [String] {
        parametersByType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }
}
