/// One entry of a licence list.
package struct LicensePattern: Sendable, Hashable {
    package enum Meaning: Sendable, Hashable {
        /// `*`: every licence that no other entry of the three lists names.
        case everyOther
        /// `flag:non-commercial`
        case flag(LicenseFlag)
        /// `LicenseRef-llama*`: against the canonical and the declared identifier.
        case glob(Glob)
        /// An identifier, or one with an exception; canonical form.
        case identifier(String)
        /// Any licence text that we do not know, besides the identifier `other`.
        case other
    }

    package let meaning: Meaning
    /// As written.
    package let text: String
    package let location: SourceLocation

    /// Whether the entry names this licence; `*` names none.
    func names(_ license: License, exception: String?) -> Bool {
        switch meaning {
        case .everyOther: false
        case .flag(let flag): license.flags.contains(flag)
        case .glob(let glob): glob.matches(license.id) || glob.matches(license.declared)
        case .other: license.id == "other" || license.recognition == .unrecognised
        case .identifier(let id):
            license.id.lowercased() == id.lowercased() || license.id.lowercased() == id.lowercased() + "+"
                || exception.map { "\(license.id) WITH \($0)".lowercased() == id.lowercased() } ?? false
        }
    }

    /// Why the licence is on this list, as a clause after "licence x".
    func reason(list: String) -> String {
        if case .flag(let flag) = meaning { return flag.predicate }
        return "is on the \(list) list (\(text))"
    }
}
