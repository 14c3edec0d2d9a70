/// Every text of the website, each in all languages at once: one without a translation does not compile.
///
/// Texts are members of extensions, one file an area of the site. Sentences are never put together from parts; what
/// varies is an argument. A test reads the files and finds a translation that was forgotten or lost an argument.
package struct L10n: Sendable, Hashable {
    package let language: Language

    package init(_ language: Language) { self.language = language }

    /// The text in this language.
    package func pick(en: String, zh: String) -> String { language == .chinese ? zh : en }

    /// The same where English tells one from many.
    package func pick(_ count: Int, one: String, many: String, zh: String) -> String {
        language == .chinese ? zh : count == 1 ? one : many
    }
}
