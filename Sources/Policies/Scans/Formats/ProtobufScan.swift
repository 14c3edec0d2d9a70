/// Looks at what is written as protocol buffers: models of ONNX and TensorFlow, and vocabularies of SentencePiece.
struct ProtobufScan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    private static let maximumDepth = 12
    /// Domains of operators that every runtime has of its own.
    private static let knownDomains: Set<String> = [
        "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training", "com.microsoft",
        "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc", "pkg.onnxscript.torch_lib",
        "pkg.onnxscript.torch_lib.common",
    ]
    /// Operators of TensorFlow that read or write files, or run Python.
    private static let dangerousOperators: [String: String] = [
        "ReadFile": "reads files", "WriteFile": "writes files", "PyFunc": "runs Python",
        "PyFuncStateless": "runs Python", "EagerPyFunc": "runs Python", "MatchingFiles": "lists files",
        "DebugIdentity": "sends what it sees elsewhere", "DebugIdentityV2": "sends what it sees elsewhere",
        "PrintV2": "writes files", "CopyHost": "writes files",
    ]

    /// - Returns: nil when the bytes are none of these.
    func format() -> String? {
        var counts: [Int: Int] = [:]
        var firsts: [Int: ProtobufField] = [:]
        do throws(ScanStop) {
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                guard field.number <= 64 else { throw .fault("has fields that none of these has") }
                counts[field.number, default: 0] += 1
                if firsts[field.number] == nil { firsts[field.number] = field }
            }
        } catch {
            return nil
        }
        guard let first = firsts[1] else { return nil }
        if first.wire == 0, firsts[7]?.wire == 2, firsts[8]?.wire == 2 { return onnx() }
        if first.wire == 0, first.value == 1, firsts[2]?.wire == 2, counts.keys.allSatisfy({ $0 <= 2 }) {
            return savedModel()
        }
        if first.wire == 2, isPiece(first.content), isVocabulary() { return "sentencepiece" }
        if first.wire == 2, isNode(first.content) { return graph() }
        if first.wire == 2, counts.count == 1 { return kerasMetadata() }
        return nil
    }

    // MARK: - ONNX

    private func onnx() -> String {
        walkOnnx { () throws(ScanStop) in
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                switch (field.number, field.wire) {
                case (7, 2): try onnxGraph(field.content, depth: 0)
                case (8, 2): try onnxDomain(field.content, field: 1)
                case (20, 2):
                    try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                        if inner.number <= 2, inner.wire == 2 { try onnxGraph(inner.content, depth: 0) }
                    }
                case (25, 2):
                    try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                        if inner.number == 7, inner.wire == 2 { try onnxNode(inner.content, depth: 0) }
                        if inner.number == 9, inner.wire == 2 { try onnxDomain(inner.content, field: 1) }
                    }
                default: break
                }
            }
        }
        // The same bytes may be a model of TensorFlow's, whose graph lies where ONNX has the name of the producer.
        try? ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.number == 2, field.wire == 2, field.content.count > 64 else { return }
            try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                if inner.number == 2, inner.wire == 2 { try tensorFlowGraph(inner.content) }
            }
        }
        return "onnx"
    }

    private func walkOnnx(_ walk: () throws(ScanStop) -> Void) {
        do throws(ScanStop) { try walk() } catch {
            session.note("onnx", .unknown, "onnx.broken", at: path, PickleScan.text(error))
        }
    }

    private func onnxGraph(_ region: ScanRegion, depth: Int) throws(ScanStop) {
        guard depth < Self.maximumDepth else { throw .limit("has graphs within graphs, too deep to look at") }
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.wire == 2 else { return }
            switch field.number {
            case 1: try onnxNode(field.content, depth: depth)
            case 5: try onnxTensor(field.content)
            case 15:
                try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                    if inner.wire == 2, inner.number <= 2 { try onnxTensor(inner.content) }
                }
            default: break
            }
        }
    }

    private func onnxNode(_ region: ScanRegion, depth: Int) throws(ScanStop) {
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.wire == 2 else { return }
            switch field.number {
            case 5:
                try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                    guard inner.wire == 2 else { return }
                    switch inner.number {
                    case 5, 10: try onnxTensor(inner.content)
                    case 6, 11: try onnxGraph(inner.content, depth: depth + 1)
                    case 22, 23:
                        try ProtobufReader.fields(session, inner.content) { sparse throws(ScanStop) in
                            if sparse.wire == 2, sparse.number <= 2 { try onnxTensor(sparse.content) }
                        }
                    default: break
                    }
                }
            case 7: try check(domain: session.text(field.content))
            default: break
            }
        }
    }

    private func onnxDomain(_ region: ScanRegion, field number: Int) throws(ScanStop) {
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            if field.number == number, field.wire == 2 { try check(domain: session.text(field.content)) }
        }
    }

    private func check(domain: String) throws(ScanStop) {
        guard !Self.knownDomains.contains(domain) else { return }
        session.note(
            "onnx", .suspicious, "onnx.domain", at: path, "has operators of '\(domain)', which a library has to bring")
    }

    private func onnxTensor(_ region: ScanRegion) throws(ScanStop) {
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.number == 13, field.wire == 2 else { return }
            var key = ""
            var value = ""
            try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                if inner.number == 1 { key = session.text(inner.content) }
                if inner.number == 2 { value = session.text(inner.content, limit: 4_096) }
            }
            guard key == "location", Self.leadsOutside(value) else { return }
            session.note(
                "onnx", .dangerous, "onnx.external", at: path, "takes tensors from '\(value)', outside of its folder")
        }
    }

    static func leadsOutside(_ location: String) -> Bool {
        location.hasPrefix("/") || location.hasPrefix("\\") || location.contains("\0") || location.contains("://")
            || location.dropFirst().hasPrefix(":")
            || location.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains("..")
    }

    // MARK: - TensorFlow

    private func savedModel() -> String {
        walkTensorFlow { () throws(ScanStop) in
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                guard field.number == 2, field.wire == 2 else { return }
                try ProtobufReader.fields(session, field.content) { inner throws(ScanStop) in
                    if inner.number == 2, inner.wire == 2 { try tensorFlowGraph(inner.content) }
                }
            }
        }
        return "tensorflow-saved-model"
    }

    private func graph() -> String {
        walkTensorFlow { () throws(ScanStop) in try tensorFlowGraph(region) }
        return "tensorflow-graph"
    }

    private func walkTensorFlow(_ walk: () throws(ScanStop) -> Void) {
        do throws(ScanStop) { try walk() } catch {
            session.note("keras", .unknown, "tensorflow.broken", at: path, PickleScan.text(error))
        }
        kerasLambda()
    }

    private func tensorFlowGraph(_ region: ScanRegion) throws(ScanStop) {
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.wire == 2 else { return }
            if field.number == 1 { try tensorFlowNode(field.content) }
            guard field.number == 2 else { return }
            try ProtobufReader.fields(session, field.content) { function throws(ScanStop) in
                guard function.number == 1, function.wire == 2 else { return }
                try ProtobufReader.fields(session, function.content) { inner throws(ScanStop) in
                    if inner.number == 3, inner.wire == 2 { try tensorFlowNode(inner.content) }
                }
            }
        }
    }

    private func tensorFlowNode(_ region: ScanRegion) throws(ScanStop) {
        try ProtobufReader.fields(session, region) { field throws(ScanStop) in
            guard field.number == 2, field.wire == 2 else { return }
            let name = session.text(field.content)
            if let why = Self.dangerousOperators[name] {
                session.note(
                    "keras", .dangerous, "tensorflow.operator", at: path, "has the operator \(name), which \(why)")
            } else if name.contains(">") {
                session.note(
                    "keras", .suspicious, "tensorflow.custom", at: path,
                    "has the operator \(name), which a library has to bring")
            }
        }
    }

    private func kerasMetadata() -> String? {
        var isKeras = false
        NeedleSearch(texts: ["class_name", "keras_"]).run(session, region) { _, _ in
            isKeras = true
            return false
        }
        guard isKeras else { return nil }
        kerasLambda()
        return "keras-metadata"
    }

    private func kerasLambda() { KerasSearch(session: session, region: region, path: path).run() }

    /// A node has a name and an operator.
    private func isNode(_ region: ScanRegion) -> Bool {
        var hasName = false
        var hasOperator = false
        do throws(ScanStop) {
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                if field.number == 1, field.wire == 2 { hasName = true }
                if field.number == 2, field.wire == 2, field.content.count < 200 {
                    hasOperator = session.text(field.content).unicodeScalars.allSatisfy {
                        $0.isASCII && $0.value > 0x20 && $0.value < 0x7F
                    }
                }
                guard field.number <= 7 else { throw .fault("is no node") }
            }
        } catch {
            return false
        }
        return hasName && hasOperator
    }

    /// Whether all pieces are ones: a graph may begin with what looks as if it were.
    private func isVocabulary() -> Bool {
        var isOne = true
        do throws(ScanStop) {
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                if field.number == 1, field.wire != 2 || !isPiece(field.content) { isOne = false }
                if field.number > 5 { isOne = false }
                guard isOne else { throw .fault("is no vocabulary") }
            }
        } catch {
            return false
        }
        return isOne
    }

    /// A piece has a text and how likely it is.
    private func isPiece(_ region: ScanRegion) -> Bool {
        var hasText = false
        var hasScore = false
        do throws(ScanStop) {
            try ProtobufReader.fields(session, region) { field throws(ScanStop) in
                if field.number == 1, field.wire == 2 { hasText = true }
                if field.number == 2, field.wire == 5 { hasScore = true }
                guard field.number <= 3 else { throw .fault("is no piece") }
            }
        } catch {
            return false
        }
        return hasText && hasScore
    }
}
