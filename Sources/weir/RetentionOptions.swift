import ArgumentParser
import MirrorGateway

/// When the server looks through what is stored of mirrors.
struct RetentionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("How often stored content is compared with the mirrors' retention.", valueName: "time"))
    var retentionEvery = "5m"
    @Option(
        help: ArgumentHelp("How long what was just fetched or used is not evicted.", valueName: "time"))
    var retentionGrace = "5m"

    func times() throws -> RetentionTimes {
        var times = RetentionTimes()
        times.every = max(1_000, try TimeSpan(retentionEvery).milliseconds)
        times.grace = try TimeSpan(retentionGrace).milliseconds
        return times
    }
}
