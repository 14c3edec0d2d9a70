/// What the ending of a file's name promises.
enum FileNames {
    private static let pickles = [
        ".pkl", ".pickle", ".pk", ".p", ".joblib", ".dill", ".dat", ".data", ".bin", ".pt", ".pth", ".ckpt", ".pt2",
        ".npy",
        ".npz", ".model", ".th", ".t7", ".cloudpickle", ".jbl", ".sav", ".mar", ".nemo",
    ]

    /// Whether loaders of pickles take files of that name. In lower case.
    static func isPickle(_ name: String) -> Bool { pickles.contains { name.hasSuffix($0) } }

    /// Whether a format is not what an ending stands for.
    static func belies(_ name: String, _ format: String) -> Bool {
        let lower = name.lowercased()
        // Text is read as a pickle by those who load it for one.
        if [".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".ckpt", ".bin"].contains(where: lower.hasSuffix) {
            return ["text", "json", "template", "empty"].contains(format)
        }
        return formats(of: lower).map { !$0.contains(format) } ?? false
    }

    /// The formats that an ending stands for; nil where it stands for none in particular.
    private static func formats(of lower: String) -> Set<String>? {
        if lower.hasSuffix(".safetensors") { return ["safetensors"] }
        if lower.hasSuffix(".gguf") { return ["gguf"] }
        if lower.hasSuffix(".parquet") { return ["parquet"] }
        if lower.hasSuffix(".arrow") || lower.hasSuffix(".feather") { return ["arrow", "unknown"] }
        if lower.hasSuffix(".onnx") { return ["onnx"] }
        if lower.hasSuffix(".json") { return ["json", "text", "empty"] }
        if lower.hasSuffix(".png") { return ["png"] }
        return nil
    }
}
