/// One thing that must work before this node should get requests.
package struct ReadinessCheck: Sendable {
    package let name: String
    /// Nil when it is well, otherwise what is wrong, for the operator.
    package let problem: @Sendable () async -> String?

    package init(_ name: String, problem: @escaping @Sendable () async -> String?) {
        self.name = name
        self.problem = problem
    }

    /// Asks all of `checks` at the same time.
    static func run(_ checks: [ReadinessCheck]) async -> [(name: String, problem: String?)] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await check.problem()) }
            }
            var problems: [Int: String] = [:]
            for await (index, problem) in group { problems[index] = problem }
            return checks.enumerated().map { ($0.element.name, problems[$0.offset]) }
        }
    }
}
