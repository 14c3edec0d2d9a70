/// What is known of a value on the stack of a pickle machine.
enum PickleValue {
    /// Data of any kind, that nobody could call.
    case data
    case text(String)
    case integer(Int64)
    /// A few values together; longer ones are data.
    case tuple([PickleValue])
    /// What was imported: its place among the globals of the machine.
    case imported(Int)
    /// What a call of an imported thing answered.
    case made(by: Int)
    /// What calls of unknown things answered, or what is registered elsewhere.
    case unknowable
    /// What a persistent id stands for.
    case persistent

    /// Longest text that is kept, in bytes.
    static let maximumText = 300
    static let maximumTuple = 8
}

/// A thing that a pickle imports.
struct PickleGlobal: Hashable {
    let module: String
    let name: String

    var description: String { "\(module).\(name)" }
}
