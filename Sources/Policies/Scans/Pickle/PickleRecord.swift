/// What a pickle does, as far as following its opcodes shows.
struct PickleRecord {
    /// Each thing once, in the order of their coming, with the place of the first.
    private(set) var imports: [(global: PickleGlobal, place: Int64)] = []
    private var indices: [PickleGlobal: Int] = [:]
    /// Imports whose name is made while the pickle is loaded.
    var unresolved: [Int64] = []
    /// Uses of the registry of extensions, which says elsewhere what is imported.
    var extensions: [Int64] = []
    /// Changes of things that were imported, and not made.
    var changedImports: [Int64] = []
    /// Calls of what is not an imported name.
    var oddCalls: [Int64] = []
    /// Calls of imported things, of any kind.
    var calls = 0
    /// Persistent ids of storages: bytes of an element where the type is known, and how many there are.
    var storages: [String: (width: Int64, count: Int64)] = [:]
    /// Whether there are persistent ids that are no storages.
    var hasOtherPersistent = false
    /// Short texts in the order of their coming, a few thousand of them.
    var texts: [String] = []
    /// Where the stack or the memo first lacked what an opcode takes.
    var brokenAt: Int64?
    /// Where a frame first claimed more bytes than there are.
    var frameAt: Int64?
    var opcodes = 0
    /// Whether it begins with `PROTO` and a version that exists.
    var hasProtocol = false
    /// Whether its value is the number with which PyTorch's older files begin.
    var isTorchMagic = false
    /// Whether it names joblib's arrays, whose bytes lie between opcodes.
    var hasJoblibArrays: Bool {
        indices.keys.contains { $0.module == "joblib.numpy_pickle" }
    }

    static let maximumImports = 20_000
    static let maximumTexts = 200_000

    /// - Returns: its place among ``imports``.
    mutating func add(_ global: PickleGlobal, at place: Int64) throws(ScanStop) -> Int {
        if let index = indices[global] { return index }
        guard imports.count < Self.maximumImports else { throw .limit("imports more things than are looked at") }
        indices[global] = imports.count
        imports.append((global, place))
        return imports.count - 1
    }

    /// Whether loading it would run anything, or look for it.
    var doesAnything: Bool {
        !imports.isEmpty || !unresolved.isEmpty || !extensions.isEmpty
    }
}
