"""What is done to the whole site when it is built: links, addresses, packed files, what hosts need."""
