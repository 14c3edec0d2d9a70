/// Why a glob pattern cannot be compiled.
package struct GlobError: Error, Sendable, Equatable {
    /// What is wrong, as a clause that follows the pattern's name.
    package let message: String
    /// Where in the pattern, counted in Unicode scalars from 0.
    package let offset: Int
    /// What to write instead.
    package let remedy: String
}
