# An image of nothing but the context: some programs with the libraries that they load.
FROM scratch
ENV PATH=/usr/local/bin:/usr/bin:/bin
COPY . /
