import HTTPTypes

extension HubResponse {
    /// Adds `Link: <ABSOLUTE>; rel="next"`: this request's URL with all its parameters and those in `changes` replaced.
    ///
    /// Clients follow the URL as it stands, so it must be absolute and complete.
    package func linkingNext(_ request: HubRequest, _ changes: [QueryParameters.Pair]) -> HubResponse {
        var query = request.query
        for change in changes { query = query.setting(change.name, to: change.value) }
        var response = self
        response.headers.add("Link", "<\(request.url(request.rawPath, query: query))>; rel=\"next\"")
        return response
    }

    /// The same with one parameter, usually a cursor.
    package func linkingNext(_ request: HubRequest, _ name: String, _ value: String) -> HubResponse {
        linkingNext(request, [QueryParameters.Pair(name, value)])
    }
}
