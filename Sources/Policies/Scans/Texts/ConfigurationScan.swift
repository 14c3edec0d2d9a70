/// Looks into JSON for what names code or is code: `auto_map`, chat templates, layers of Keras.
struct ConfigurationScan {
    let session: ScanSession
    let path: String

    private static let maximumDepth = 100

    /// One level of what is being read.
    private final class Level {
        var className: String?
        var module: String?
        var registered: String?
        var isCallable = false
    }

    /// - Parameter bytes: of the whole text, without a mark of its byte order.
    /// - Returns: false when it is no JSON.
    func run(_ bytes: [UInt8]) -> Bool {
        var json = HeaderJSON(bytes[...], isLenient: true)
        do throws(HeaderFault) {
            try value(&json, key: "", depth: 0, isTop: true)
            return json.isAtEnd()
        } catch {
            return false
        }
    }

    private func value(_ json: inout HeaderJSON, key: String, depth: Int, isTop: Bool = false) throws(HeaderFault) {
        guard depth < Self.maximumDepth else { throw HeaderFault("is nested too deep") }
        do throws(ScanStop) { try session.step() } catch { throw HeaderFault("is too long") }
        switch json.peek() {
        case UInt8(ascii: "{")?:
            let level = Level()
            try json.object { inner, json throws(HeaderFault) in
                if isTop, inner == "auto_map" {
                    note(
                        "remote-code", .suspicious, "remote-code.auto-map",
                        "names classes of its repository's own code to be run")
                }
                if json.peek() == UInt8(ascii: "\"") {
                    let text = try json.string()
                    remember(inner, text, level)
                    if inner == "chat_template" || key == "chat_template" || inner == "template" { template(text) }
                } else {
                    if inner == "trust_remote_code", json.peek() == UInt8(ascii: "t") {
                        note(
                            "remote-code", .suspicious, "remote-code.trust",
                            "asks for its repository's code to be trusted")
                    }
                    try value(&json, key: inner, depth: depth + 1)
                }
            }
            judge(level)
        case UInt8(ascii: "[")?:
            try json.array { json throws(HeaderFault) in
                if json.peek() == UInt8(ascii: "\"") {
                    let text = try json.string()
                    if key == "chat_template" { template(text) }
                } else {
                    try value(&json, key: key, depth: depth + 1)
                }
            }
        default: try json.skip()
        }
    }

    private func template(_ text: String) {
        guard TemplateScan.isTemplate(text) else { return }
        TemplateScan(session: session, place: path).run(text)
    }

    private func remember(_ key: String, _ text: String, _ level: Level) {
        switch key {
        case "class_name": level.className = text
        case "module": level.module = text
        case "registered_name": level.registered = text
        default: break
        }
    }

    /// Of an object that says which class of Keras it is.
    private func judge(_ level: Level) {
        guard let name = level.className else { return }
        switch name {
        case "Lambda", "__lambda__":
            note("keras", .dangerous, "keras.lambda", "has a Lambda layer, which is code")
        case "TFOpLambda", "SlicingOpLambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer":
            note("keras", .suspicious, "keras.wrapper", "has a \(name), which loads code or other files")
        default: break
        }
        if let module = level.module {
            let first = module.prefix { $0 != "." }
            if !["keras", "tf_keras", "keras_nlp", "keras_cv", "keras_hub"].contains(first),
                !(first == "builtins" && ["function", "dict", "list", "tuple", "slice", "__tuple__"].contains(name)),
                !(first == "tensorflow" && module.hasPrefix("tensorflow.keras"))
            {
                note(
                    "keras", .suspicious, "keras.module",
                    "takes \(name) from the module '\(module)', for which nobody vouches")
            } else if module.hasPrefix("keras.utils") || module.contains("_src.utils") || module.contains("saving") {
                note("keras", .suspicious, "keras.module", "takes \(name) from '\(module)', which is no layer")
            }
        }
        if name == "function", let registered = level.registered, registered == "function" || registered.contains(".") {
            note("keras", .suspicious, "keras.function", "names a function to be called")
        }
    }

    private func note(_ scanner: String, _ verdict: ScanVerdict, _ code: String, _ text: String) {
        session.note(scanner, verdict, code, at: path, text)
    }
}
