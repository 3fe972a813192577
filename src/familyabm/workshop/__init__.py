"""A workshop's room: five services of one town play years of it, each year a real change to the model, and compare."""
