/// What the beginning of a `model.safetensors.index.json` says of all shards together.
package struct SafetensorsIndex: Sendable, Hashable {
    /// Bytes of all tensors.
    package let totalSize: Int64?
    package let totalParameters: Int64?

    /// Reads `metadata`; the map of weights after it, of megabytes in large models, is not needed.
    ///
    /// - Parameter beginning: the first bytes of the file, or all; what is cut off is not missed when `metadata` comes first,
    ///   where every writer known puts it.
    /// - Returns: nil when the beginning does not hold it.
    package init?(_ beginning: ArraySlice<UInt8>) {
        var json = HeaderJSON(beginning)
        var size: Int64?
        var parameters: Int64?
        var isFound = false
        do throws(HeaderFault) {
            try json.object { key, json throws(HeaderFault) in
                guard key == "metadata" else { return try json.skip() }
                try json.object { key, json throws(HeaderFault) in
                    switch key {
                    case "total_size": size = try json.count()
                    case "total_parameters": parameters = try json.count()
                    default: try json.skip()
                    }
                }
                isFound = true
            }
        } catch {
            guard isFound else { return nil }
        }
        guard isFound else { return nil }
        totalSize = size
        totalParameters = parameters
    }
}
