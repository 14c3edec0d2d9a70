/// Looks for the configuration of Keras models within files of another format, and for code in it.
struct KerasSearch {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    private static let search = NeedleSearch(texts: [
        "\"Lambda\"", "\"__lambda__\"", "\"module\"", "\\u00", "\"TFOpLambda\"", "\"TFSMLayer\"", "\"SlicingOpLambda\"",
        "\"TorchModuleWrapper\"", "\"JaxLayer\"",
    ])

    func run() {
        var hasConfiguration = false
        NeedleSearch(texts: ["class_name"]).run(session, region) { _, _ in
            hasConfiguration = true
            return false
        }
        Self.search.run(session, region) { place, needle in
            switch needle {
            case 0, 1: note(.dangerous, "keras.lambda", place, "has a Lambda layer, which is code")
            case 2: module(at: place)
            case 3:
                if hasConfiguration {
                    note(
                        .suspicious, "keras.escapes", place, "has characters written so that names in it cannot be read"
                    )
                }
            default: note(.suspicious, "keras.wrapper", place, "has a layer that loads code or other files")
            }
            return true
        }
    }

    private func module(at place: Int64) {
        let rest = session.read(region, at: place + 8, count: 200)
        let text = String(decoding: rest, as: UTF8.self)
        guard let colon = text.firstIndex(where: { !$0.isWhitespace }), text[colon] == ":" else { return }
        let value = text[text.index(after: colon)...].drop { $0.isWhitespace }
        guard value.first == "\"" else { return }
        let module = value.dropFirst().prefix { $0 != "\"" }
        let first = module.prefix { $0 != "." }
        guard !["keras", "tf_keras", "builtins"].contains(first), !module.hasPrefix("tensorflow.keras"), !module.isEmpty
        else {
            return
        }
        note(.suspicious, "keras.module", place, "takes a layer from the module '\(module)', for which nobody vouches")
    }

    private func note(_ verdict: ScanVerdict, _ code: String, _ place: Int64, _ text: String) {
        session.note("keras", verdict, code, at: path.isEmpty ? "\(place)" : "\(path):\(place)", text)
    }
}
