"use strict";
if (window.SwaggerUIBundle) {
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      const mark = /(?:^|; )(?:__Host-)?guitu_csrf=(\w+)/.exec(document.cookie);
      if (mark) request.headers["X-CSRF-Token"] = mark[1];
      return request;
    },
  });
}
